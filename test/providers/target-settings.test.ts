import {expect, test} from 'vitest';
import {providerPresets} from '../../source/core/provider-presets.ts';
import {settingsOfTarget} from '../../source/providers/target-settings.ts';
import {authHeaders, endpointOf, requireKey} from '../../source/providers/transport/endpoint.ts';

const azure = {provider: 'azure', ...providerPresets['azure']};
const key = {AZURE_OPENAI_API_KEY: 'secret', OPENAI_API_KEY: 'other', OPENAI_BASE_URL: 'http://x'};

const endpoint = (address: string) =>
	endpointOf(settingsOfTarget(azure, {...key, AZURE_OPENAI_ENDPOINT: address}));

test.each([
	'https://mine.openai.azure.com',
	'https://mine.openai.azure.com/',
	'https://mine.openai.azure.com/openai',
	'https://mine.openai.azure.com/openai/v1/',
	'https://mine.openai.azure.com/openai/v1/responses',
])('a resource of Azure at %s has its API at /openai/v1, and its key in the header api-key', at => {
	const found = endpoint(at);
	expect(found.openAiUrl).toBe('https://mine.openai.azure.com/openai/v1');
	expect(authHeaders(found)).toEqual({'api-key': 'secret'});
});

test('the version in an address of Azure is sent with every request', () => {
	expect(endpoint('https://mine.openai.azure.com/openai/v1?api-version=preview')).toMatchObject({
		query: {'api-version': 'preview'},
		openAiUrl: 'https://mine.openai.azure.com/openai/v1',
	});
});

test('the older address of one deployment is refused with the one to use', () => {
	const old =
		'https://mine.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21';
	expect(() => endpoint(old)).toThrow(
		expect.objectContaining({
			message:
				'The base URL is that of one deployment (from AZURE_OPENAI_ENDPOINT): "https://mine.openai.azure.com/openai/deployments/gpt/chat/completions".',
			hint: 'use https://mine.openai.azure.com/openai/v1, and the name of the deployment as the model',
		}),
	);
});

test('Azure without an address does not go to another one, and says where to set it', () => {
	expect(() => settingsOfTarget(azure, key)).toThrow(
		expect.objectContaining({
			message: 'azure has no address.',
			hint: 'set baseUrl in config.json: {"providers": {"azure": {"baseUrl": "https://NAME.openai.azure.com/openai/v1"}}}, or AZURE_OPENAI_ENDPOINT',
		}),
	);
});

test('a key that was named but is not set is missed before anything is sent', () => {
	const groq = {provider: 'groq', ...providerPresets['groq']};
	const check =
		(target: typeof groq, environment = {}) =>
		() => {
			requireKey(endpointOf(settingsOfTarget(target, environment)));
		};
	expect(check(groq, {OPENAI_API_KEY: 'other'})).toThrow(
		expect.objectContaining({kind: 'auth', message: 'groq needs a key.', hint: 'set GROQ_API_KEY'}),
	);
	expect(check(groq, {GROQ_API_KEY: ' \n'})).toThrow(/groq needs a key/);
	expect(check(groq, {GROQ_API_KEY: 'k'})).not.toThrow();
	expect(check({provider: 'vllm', ...providerPresets['vllm']})).not.toThrow();
	expect(check({...groq, headers: {Authorization: 'Bearer x'}})).not.toThrow();
});

test('variables in headers and query are filled in, and missed if they are not set', () => {
	const target = {
		provider: 'openai',
		baseUrl: 'https://gateway.example',
		headers: {'X-Team': 'a-${TEAM}'},
		query: {code: '$CODE'},
	};
	expect(settingsOfTarget(target, {TEAM: 'one', CODE: 'two'})).toMatchObject({
		headers: {'X-Team': 'a-one'},
		query: {code: 'two'},
	});
	expect(() => settingsOfTarget(target, {TEAM: 'one'})).toThrow(
		expect.objectContaining({
			message: 'The query of openai uses the variable CODE, which is not set.',
			hint: 'set CODE',
		}),
	);
});
