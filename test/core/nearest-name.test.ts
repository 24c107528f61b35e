import {expect, test} from 'vitest';
import {didYouMean, nearestName} from '../../source/core/nearest-name.ts';

test.each([
	['mistrl', ['mistral', 'minimal'], 'mistral'],
	['base_url', ['model', 'baseUrl'], 'baseUrl'],
	['MAXOUTPUTTOKENS', ['contextTokens', 'maxOutputTokens'], 'maxOutputTokens'],
	['key-variable', ['keyVariable'], 'keyVariable'],
	['paralelCall', ['parallelCalls'], 'parallelCalls'],
	['hgih', ['low', 'high'], 'high'],
	['dri', ['ui', 'dir'], 'dir'],
	['rnu', ['run', 'runs'], 'run'],
])('%s means one of %j', (given, names, meant) => {
	expect(nearestName(given, names)).toBe(meant);
});

test.each([
	['xai', ['openai', 'ollama', 'type']],
	['url', ['model', 'lead']],
	['id', ['ui', 'dir', 'run']],
	['cost', ['body', 'type']],
	['frobnicate', ['run', 'model', 'fallbacks']],
	['', ['a', 'model']],
])('%s is another word than any of %j', (given, names) => {
	expect(nearestName(given, names)).toBeUndefined();
});

test('a suggestion is the end of a sentence, or nothing', () => {
	expect(didYouMean('jsn', ['json'], '--')).toBe('; did you mean "--json"?');
	expect(didYouMean('frobnicate', ['json'])).toBe('');
});
