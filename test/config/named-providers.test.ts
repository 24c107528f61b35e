import {mkdir, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {providerNames, resolveProvider} from '../../source/config/named-providers.ts';
import {parseProviderSpec} from '../../source/config/provider-spec.ts';
import {agentsOf, targetOf, teamConfigSchema} from '../../source/config/team-config.ts';
import {readNamedProviders} from '../../source/config/user-config.ts';
import {providerPresets} from '../../source/core/provider-presets.ts';
import {temporaryHome} from './temporary-home.ts';

test('a preset is used like a type, with a model that may hold colons and slashes', () => {
	expect(parseProviderSpec('openrouter:meta/llama-4:free', '--lead')).toEqual({
		type: 'openrouter',
		model: 'meta/llama-4:free',
	});
	expect(providerNames()).toEqual(expect.arrayContaining(['openai', 'groq', 'mistral']));
});

test('an unknown name is refused with the nearest one', () => {
	expect(() => resolveProvider('mistrl', providerPresets)).toThrow(/did you mean "mistral"\?/);
	expect(() => parseProviderSpec('zzz:m', '--lead')).toThrow(
		/--lead zzz:m: unknown provider "zzz"/,
	);
});

test('a service of the person is a target with its type, address, key and query', async () => {
	const home = await temporaryHome();
	await mkdir(home.directory);
	const mine = {
		type: 'openai',
		baseUrl: 'https://llm.example/v1',
		keyVariable: 'MY_KEY',
		query: {'api-version': '1'},
	};
	await writeFile(home.configFile, JSON.stringify({providers: {mine, groq: mine}}));
	const named = await readNamedProviders(home);
	const team = teamConfigSchema.parse({
		name: 'calm',
		createdAt: 0,
		leadProvider: {type: 'mine', model: 'm', temperature: 0.2, reasoningEffort: 'low'},
		teammates: [
			{type: 'groq', query: {'api-version': '2'}},
			{type: 'ollama', keepAlive: '1h'},
		],
	});
	expect(agentsOf(team, named)).toMatchObject({
		lead: {provider: 'mine', ...mine, model: 'm', temperature: 0.2, reasoningEffort: 'low'},
		teammates: [
			{provider: 'groq', baseUrl: mine.baseUrl, query: {'api-version': '2'}},
			{provider: 'ollama', keepAlive: '1h'},
		],
	});
});

test.each([
	['grok', 'xai'],
	['google', 'gemini'],
	['lm-studio', 'lmstudio'],
	['OpenRouter', 'openrouter'],
	['llama.cpp', 'llama-server'],
	['openrouter/meta/llama-4', 'openrouter:meta/llama-4'],
])('%s is asked back as %s', (name, meant) => {
	expect(() => resolveProvider(name, providerPresets)).toThrow(`did you mean "${meant}"?`);
});

const namedBy = async (providers: object) => {
	const home = await temporaryHome();
	await mkdir(home.directory);
	await writeFile(home.configFile, JSON.stringify({providers}));
	return readNamedProviders(home);
};

test('an entry with the name of a preset changes only what it says', async () => {
	const address = 'https://mine.openai.azure.com/openai/v1';
	const named = await namedBy({
		azure: {baseUrl: address},
		mistral: {keyVariable: 'MY_MISTRAL'},
		vllm: {baseUrl: 'http://gpu.example:8000'},
	});
	expect(targetOf({type: 'azure', model: 'd'}, named)).toEqual({
		provider: 'azure',
		type: 'openai',
		model: 'd',
		baseUrl: address,
		keyVariable: 'AZURE_OPENAI_API_KEY',
	});
	expect(targetOf({type: 'mistral'}, named)).toMatchObject({
		baseUrl: 'https://api.mistral.ai/v1',
		keyVariable: 'MY_MISTRAL',
		dialect: 'mistral',
		priceList: 'mistral',
	});
	expect(targetOf({type: 'vllm'}, named)).toMatchObject({keyVariable: 'VLLM_API_KEY'});
});

test('the key, headers, query and prices of a service stay with its address', async () => {
	const headers = {'X-Key': '$SECRET'};
	const mine = {type: 'openai', baseUrl: 'https://a.example/v1', keyVariable: 'MY_KEY'};
	const named = await namedBy({
		mine: {...mine, headers, query: {code: '$SECRET'}, dialect: 'mistral', priceList: 'mistral'},
		groq: {baseUrl: 'https://gateway.example/v1'},
	});
	const bare = {provider: 'mine', type: 'openai', model: '', dialect: 'mistral'};
	for (const baseUrl of ['https://b.example/v1', 'http://a.example/v1', 'https://a.example:8443']) {
		expect(targetOf({type: 'mine', baseUrl}, named)).toEqual({...bare, baseUrl});
	}

	expect(targetOf({type: 'mine', baseUrl: 'https://a.example/other/v1'}, named)).toMatchObject({
		keyVariable: 'MY_KEY',
		headers,
	});
	expect(targetOf({type: 'groq'}, named)).toEqual({
		provider: 'groq',
		type: 'openai',
		model: '',
		baseUrl: 'https://gateway.example/v1',
	});
	expect(
		targetOf({type: 'mine', baseUrl: 'https://b.example', keyVariable: 'OTHER'}, named),
	).toMatchObject({keyVariable: 'OTHER'});
});

test.each([
	[{openai: {type: 'openai', baseUrl: 'https://a.example'}}, /name must not be that of a type/],
	[{mine: {type: 'openai', baseUrl: 'https://a.example', keyVariable: 'sk-123'}}, /not a key/],
	[{mine: {type: 'openai', baseUrl: 'https://a.example', keyVarable: 'A'}}, /keyVariable/],
	[{mine: {type: 'demo', baseUrl: 'https://a.example'}}, /type/],
])('a malformed service is refused: %j', async (providers, message) => {
	const home = await temporaryHome();
	await mkdir(home.directory);
	await writeFile(home.configFile, JSON.stringify({providers}));
	await expect(readNamedProviders(home)).rejects.toThrow(message);
});
