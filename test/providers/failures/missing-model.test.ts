import {expect, onTestFinished, test} from 'vitest';
import {createProvider} from '../../../source/providers/factory.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {isListed} from '../../../source/providers/failures/missing-model.ts';
import type {HttpProviderType} from '../../../source/providers/defaults.ts';
import type {ProviderType} from '../../../source/core/settings.ts';
import {say, startModelServer, type ModelServerOptions} from '../../helpers/model-server.ts';
import {request} from '../conformance/requests.ts';
import {failureOf} from '../conformance/streams.ts';

const {signal} = new AbortController();

const start = async (type: HttpProviderType, options: ModelServerOptions) => {
	const server = await startModelServer(() => say('Never.'), options);
	onTestFinished(async () => server.close());
	const settings = {type, baseUrl: server.url, apiKey: 'key'};
	return createProvider(settings, {fetch: createFetch()});
};

const notFound = (model: string) => ({status: 404, body: {error: `model '${model}' not found`}});

test.each<readonly [HttpProviderType, string, readonly string[], string]>([
	[
		'ollama',
		'qwen3:8b',
		['llama3.2:3b', 'qwen3:4b', 'qwen2.5:7b'],
		'run: ollama pull qwen3:8b, or use an available one: qwen3:4b, qwen2.5:7b, llama3.2:3b',
	],
	[
		'ollama',
		'lama3.2',
		['qwen3:4b', 'llama3.2:3b'],
		'run: ollama pull lama3.2, or use an available one: llama3.2:3b, qwen3:4b',
	],
	[
		'ollama',
		'hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M',
		['hf.co/unsloth/Qwen3-4B-GGUF:Q8_0'],
		'run: ollama pull hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M, or use an available one: hf.co/unsloth/Qwen3-4B-GGUF:Q8_0',
	],
	['ollama', 'qwen3', [], 'run: ollama pull qwen3'],
	['lmstudio', 'qwen3-8b', ['gemma-3'], 'run: lms get qwen3-8b, or use an available one: gemma-3'],
	['openai', 'gpt-x', ['mine'], 'use an available one: mine'],
	['anthropic', 'claude-x', ['mine'], 'use an available one: mine'],
	[
		'anthropic',
		'claude-3-opus-20240229',
		['mine'],
		'claude-3-opus-20240229 is retired; use claude-opus-5-5, or use an available one: mine',
	],
	['llama-server', 'a', ['b', 'c'], 'start llama-server with a, or use an available one: b, c'],
])('%s without %s names what is there', async (type, model, models, hint) => {
	const provider = await start(type, {models, pages: {'/api/show': notFound(model)}});
	const expected = {kind: 'model-missing', status: 404, hint};
	expect(await failureOf(provider, request({model}))).toMatchObject(expected);
	if (type === 'ollama') {
		await expect(provider.capabilities(model, {signal})).rejects.toMatchObject(expected);
	}
});

test('of many models the nearest are named, and how many more there are', async () => {
	const models = Array.from({length: 30}, (_, index) => `model-${index}`);
	const provider = await start('openai', {models: [...models, 'qwen3:4b']});
	const {hint} = await failureOf(provider, request({model: 'qwen3:8b'}));
	expect(hint).toMatch(/an available one: qwen3:4b, (model-\d+, ){6}model-\d+ and 23 more$/);
});

test('a name of a server cannot act on the terminal', async () => {
	const provider = await start('openai', {models: ['evil\u001B[2J\nname', 'x'.repeat(200)]});
	const {hint = ''} = await failureOf(provider, request({model: 'evil'}));
	expect(hint).toMatch(/an available one: evil ?name, x+…$/);
	expect(hint.length).toBeLessThan(120);
});

test('what the server lists and does not serve keeps the server’s own failure', async () => {
	const provider = await start('ollama', {
		models: ['qwen3:latest'],
		pages: {'/api/show': notFound('qwen3')},
	});
	const {hint} = await failureOf(provider, request({model: 'qwen3'}));
	expect(hint).toBe('run: ollama pull qwen3');
});

test.each<readonly [ProviderType, string, readonly string[], boolean]>([
	['ollama', 'qwen3', ['qwen3:latest'], true],
	['ollama', 'qwen3:4b', ['qwen3:8b'], false],
	['lmstudio', 'qwen3-8b', ['qwen/qwen3-8b'], true],
	['lmstudio', 'qwen3-8b', ['qwen/qwen3-4b'], false],
	['llama-server', 'any', ['/models/qwen3.gguf'], true],
	['llama-server', 'any', ['one', 'two'], false],
	['openai', 'gpt', ['gpt-6'], false],
	['anthropic', 'claude', ['claude'], true],
])('%s lists %s in %j: %s', (type, model, names, listed) => {
	expect(isListed(type, model, names)).toBe(listed);
});
