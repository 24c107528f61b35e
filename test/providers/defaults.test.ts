import {expect, test} from 'vitest';
import {retiredModelHint, settingsFromEnvironment} from '../../source/providers/defaults.ts';

test('takes the key and the address of a provider from the environment', () => {
	const environment = {
		ANTHROPIC_API_KEY: 'a-key\n',
		OPENAI_API_KEY: 'o-key',
		OPENAI_BASE_URL: 'https://gateway/v1',
		OLLAMA_HOST: '0.0.0.0',
		LM_API_TOKEN: '',
	};
	expect(settingsFromEnvironment('anthropic', environment)).toEqual({
		type: 'anthropic',
		apiKey: 'a-key',
		keyVariable: 'ANTHROPIC_API_KEY',
	});
	expect(settingsFromEnvironment('openai', environment)).toEqual({
		type: 'openai',
		apiKey: 'o-key',
		baseUrl: 'https://gateway/v1',
		addressFrom: 'OPENAI_BASE_URL',
		keyVariable: 'OPENAI_API_KEY',
	});
	expect(settingsFromEnvironment('ollama', environment)).toEqual({
		type: 'ollama',
		baseUrl: 'http://127.0.0.1:11434',
		addressFrom: 'OLLAMA_HOST',
		keyVariable: 'OLLAMA_API_KEY',
	});
	expect(settingsFromEnvironment('lmstudio', environment)).toEqual({
		type: 'lmstudio',
		keyVariable: 'LM_API_TOKEN',
	});
	expect(settingsFromEnvironment('demo', environment)).toEqual({type: 'demo'});
});

test('what a person wrote goes before the environment', () => {
	const environment = {OLLAMA_HOST: 'other:1', OLLAMA_API_KEY: 'other'};
	const overrides = {baseUrl: 'http://mine:2', apiKey: 'mine'};
	expect(settingsFromEnvironment('ollama', environment, overrides)).toEqual({
		type: 'ollama',
		keyVariable: 'OLLAMA_API_KEY',
		...overrides,
		addressFrom: "the team's settings",
	});
	const typed = {...overrides, addressFrom: '--base-url'};
	expect(settingsFromEnvironment('ollama', environment, typed)).toMatchObject(typed);
	const unwritten = {addressFrom: '--base-url'};
	expect(settingsFromEnvironment('ollama', environment, unwritten)).toMatchObject({
		addressFrom: 'OLLAMA_HOST',
	});
});

test.each([
	['""', 'http://127.0.0.1:11434'],
	['example.com', 'http://example.com:11434'],
	['example.com:8080', 'http://example.com:8080'],
	['example.com:80', 'http://example.com'],
	[':8080', 'http://127.0.0.1:8080'],
	['0.0.0.0:8080', 'http://127.0.0.1:8080'],
	['[::]', 'http://[::1]:11434'],
	['http://example.com', 'http://example.com'],
	['https://example.com', 'https://example.com'],
	['https://example.com/ollama/', 'https://example.com/ollama'],
	[' "example.com" ', 'http://example.com:11434'],
	['htp://example.com', 'htp://example.com'],
])('OLLAMA_HOST=%j is at %s', (host, url) => {
	expect(settingsFromEnvironment('ollama', {OLLAMA_HOST: host}).baseUrl).toBe(url);
});

test('knows what replaces a retired model', () => {
	expect(retiredModelHint('claude-3-5-sonnet-20241022')).toMatch(/use claude-sonnet-5-5$/);
	expect(retiredModelHint('claude-3-haiku-20240307')).toMatch(/use claude-haiku-5-5$/);
	expect(retiredModelHint('claude-3-opus-20240229')).toMatch(/use claude-opus-5-5$/);
	expect(retiredModelHint('claude-2.1')).toMatch(/use claude-sonnet-5-5$/);
	expect(retiredModelHint('claude-sonnet-5-5')).toBeUndefined();
	expect(retiredModelHint('qwen3')).toBeUndefined();
});

test.each([
	['openai', 'https://api.groq.com/openai/v1', undefined],
	['openai', 'http://127.0.0.1:8000', undefined],
	['anthropic', 'https://gateway.example', undefined],
	['openai', 'https://api.openai.com/v1', 'vendor'],
	['openai', 'https://mine.openai.azure.com/openai/v1', 'azure'],
	['openai', 'https://mine.services.ai.azure.com/openai/v1', 'azure'],
	['openai', 'https://openai.azure.com.example', undefined],
	['llama-server', 'http://gpu.example:8080', 'local'],
] as const)('the key of %s for %s: %s', (type, baseUrl, apiKey) => {
	const environment = {
		OPENAI_API_KEY: 'vendor',
		ANTHROPIC_API_KEY: 'vendor',
		LLAMA_API_KEY: 'local',
		AZURE_OPENAI_API_KEY: 'azure',
	};
	expect(settingsFromEnvironment(type, environment, {baseUrl}).apiKey).toBe(apiKey);
	const own = {...environment, LLM_ORCHESTRATOR_API_KEY: 'own', MINE: 'mine'};
	expect(settingsFromEnvironment(type, own, {baseUrl}).apiKey).toBe(apiKey ?? 'own');
	expect(settingsFromEnvironment(type, own, {baseUrl, keyVariable: 'MINE'}).apiKey).toBe('mine');
});
