import {expect, test} from 'vitest';
import {bearer, endpointOf, requireKey} from '../../source/providers/endpoint.ts';
import type {ProviderType} from '../../source/core/settings.ts';
import {ProviderError} from '../../source/providers/provider.ts';

test.each<[ProviderType, string | undefined, string, string]>([
	['openai', undefined, 'https://api.openai.com', 'https://api.openai.com/v1'],
	['openai', 'https://api.openai.com/v1/', 'https://api.openai.com', 'https://api.openai.com/v1'],
	['openai', 'https://host/api/v1', 'https://host/api', 'https://host/api/v1'],
	[
		'openai',
		'https://host/v1beta/openai/',
		'https://host/v1beta/openai',
		'https://host/v1beta/openai',
	],
	['lmstudio', 'localhost:1234/v1', 'http://localhost:1234', 'http://localhost:1234/v1'],
	['llama-server', ' http://[::1]:8080// ', 'http://[::1]:8080', 'http://[::1]:8080/v1'],
	['ollama', undefined, 'http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
])('%s at %s is %s', (type, baseUrl, url, openAiUrl) => {
	expect(endpointOf({type, baseUrl})).toMatchObject({url, openAiUrl});
});

test.each(['http://', 'ftp://host', 'https://user:secret@host', 'a b'])(
	'refuses the address %s without repeating it',
	baseUrl => {
		const attempt = () => endpointOf({type: 'openai', baseUrl});
		expect(attempt).toThrow(ProviderError);
		expect(attempt).not.toThrow(/secret/);
	},
);

test('asks for a key where the vendor does', () => {
	const check = (type: ProviderType, baseUrl?: string, apiKey?: string) => () => {
		requireKey(endpointOf({type, baseUrl, apiKey}));
	};
	expect(check('anthropic')).toThrow(expect.objectContaining({hint: 'set ANTHROPIC_API_KEY'}));
	expect(check('openai', undefined, ' \n')).toThrow(/needs a key/);
	expect(check('openai', undefined, 'key')).not.toThrow();
	expect(check('openai', 'http://localhost:9000')).not.toThrow();
	expect(check('ollama')).not.toThrow();
	expect(check('openai', undefined, 'key with\nlines')).toThrow(/characters that no key has/);
});

test('sends no header without a key', () => {
	expect(bearer(endpointOf({type: 'ollama'}))).toEqual({});
	expect(bearer(endpointOf({type: 'ollama', apiKey: ' key\n'}))).toEqual({
		Authorization: 'Bearer key',
	});
});
