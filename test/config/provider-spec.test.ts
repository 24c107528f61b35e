import {describe, expect, test} from 'vitest';
import {parseProviderSpec} from '../../source/config/provider-spec.ts';

describe('a provider on the command line', () => {
	test.each([
		['anthropic', {type: 'anthropic'}],
		['ollama:qwen3:8b', {type: 'ollama', model: 'qwen3:8b'}],
		['openai:meta-llama/Llama-4', {type: 'openai', model: 'meta-llama/Llama-4'}],
		['openai:m@http://host:8000/v1', {type: 'openai', model: 'm', baseUrl: 'http://host:8000/v1'}],
		['llama-server@http://host', {type: 'llama-server', baseUrl: 'http://host'}],
		['fast=ollama', {type: 'ollama', name: 'fast'}],
		[' bob=ollama:a=b ', {type: 'ollama', model: 'a=b', name: 'bob'}],
		['ollama:a@b', {type: 'ollama', model: 'a@b'}],
	])('%s', (spec, expected) => {
		expect(parseProviderSpec(spec, '--teammate')).toEqual(expected);
	});

	test.each([
		['', 'unknown provider ""'],
		['gpt', 'unknown provider "gpt"'],
		['openai:', 'the model after the colon is missing'],
		['Bob=ollama', '"Bob" is not a valid agent name'],
		['=ollama', '"" is not a valid agent name'],
		['ollama:qwen3:8b@localhost:11434', 'write the address after @ as http://host:port'],
		['ollama@host:1', 'write the address after @ as http://host:port'],
	])('%s is refused', (spec, problem) => {
		expect(() => parseProviderSpec(spec, '--lead')).toThrow(problem);
		expect(() => parseProviderSpec(spec, '--lead')).toThrow(/^--lead/);
	});
});
