import {expect, test} from 'vitest';
import {
	authHeaders,
	endpointOf,
	keyHeader,
	requireKey,
} from '../../../source/providers/transport/endpoint.ts';
import type {ProviderType} from '../../../source/core/settings.ts';
import {ProviderError} from '../../../source/providers/provider.ts';

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
	['openai', 'https://host/v1/chat/completions', 'https://host', 'https://host/v1'],
	['openai', 'https://host/api/chat/completions/', 'https://host/api', 'https://host/api'],
	['openai', 'https://host/api/paas/v4', 'https://host/api/paas/v4', 'https://host/api/paas/v4'],
	['openai', 'https://host/v1/models?a=b', 'https://host', 'https://host/v1'],
	['anthropic', 'https://host/v1/messages', 'https://host', 'https://host/v1'],
	['lmstudio', 'localhost:1234/v1', 'http://localhost:1234', 'http://localhost:1234/v1'],
	['llama-server', ' http://[::1]:8080// ', 'http://[::1]:8080', 'http://[::1]:8080/v1'],
	['ollama', undefined, 'http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
])('%s at %s is %s', (type, baseUrl, url, openAiUrl) => {
	expect(endpointOf({type, baseUrl})).toMatchObject({url, openAiUrl});
});

test.each([
	['http://', 'http://'],
	['htp://x', 'htp://x'],
	['a b', 'a b'],
	['ftp://host/p?key=secret', 'ftp://host/p'],
	['https://user:secret@host', 'https://…@host'],
	['https://user:sec/ret@host', 'https://…@host'],
	['user:secret@host:1', '…@host:1'],
	['htp://x\u001B[31m\ny', 'htp://x y'],
])('refuses the address %j, and repeats it without a key as %j', (baseUrl, shown) => {
	const attempt = () => endpointOf({type: 'openai', baseUrl, addressFrom: 'OPENAI_BASE_URL'});
	expect(attempt).toThrow(ProviderError);
	expect(attempt).toThrow(
		`The base URL of OpenAI is not valid: "${shown}" (from OPENAI_BASE_URL).`,
	);
	const isLogin = baseUrl.startsWith('https://user') || baseUrl.startsWith('user');
	const hint = isLogin && !baseUrl.includes('sec/') ? /leave out user name/ : /https:\/\/api/;
	expect(attempt).toThrow(expect.objectContaining({hint: expect.stringMatching(hint)}));
});

test.each<[ProviderType, string | undefined, boolean]>([
	['ollama', undefined, true],
	['ollama', 'http://127.0.0.1:11434/v1/', true],
	['ollama', 'http://localhost:11434', true],
	['ollama', 'http://127.0.0.1:11435', false],
	['ollama', 'http://127.0.0.1:11434/ollama', false],
	['lmstudio', 'http://192.168.0.7:1234', false],
])('%s at %s is at its usual address: %s', (type, baseUrl, isDefault) => {
	expect(endpointOf({type, baseUrl})).toMatchObject({isDefault});
});

test('asks for a key where the vendor does', () => {
	const check = (type: ProviderType, baseUrl?: string, apiKey?: string) => () => {
		requireKey(endpointOf({type, baseUrl, apiKey}));
	};
	expect(check('anthropic')).toThrow(expect.objectContaining({hint: 'set ANTHROPIC_API_KEY'}));
	expect(check('openai', undefined, ' \n')).toThrow(/needs a key/);
	expect(check('openai', undefined, 'key')).not.toThrow();
	expect(check('openai', 'http://localhost:9000')).not.toThrow();
	expect(check('ollama')).not.toThrow();
	for (const key of ['key with\nlines', '"key"', "'key'", 'Bearer key']) {
		expect(check('openai', undefined, key)).toThrow(/contains invalid characters/);
	}
});

test('sends no header without a key', () => {
	expect(authHeaders(endpointOf({type: 'ollama'}))).toEqual({});
	expect(authHeaders(endpointOf({type: 'ollama', apiKey: ' key\n'}))).toEqual({
		Authorization: 'Bearer key',
	});
});

test.each<[ProviderType, string, boolean]>([
	['openai', 'https://api.openai.com', true],
	['openai', 'https://eu.api.openai.com/v1', true],
	['openai', 'https://mine.openai.azure.com/openai/v1', true],
	['openai', 'https://api.anthropic.com/v1', false],
	['openai', 'https://openai.com.example.org', false],
	['openai', 'https://notopenai.com', false],
	['anthropic', 'https://api.anthropic.com', true],
	['anthropic', 'https://api.openai.com', false],
	['lmstudio', 'https://api.openai.com', false],
])('%s at %s is the vendor itself: %s', (type, baseUrl, isVendor) => {
	expect(endpointOf({type, baseUrl}).isVendor).toBe(isVendor);
});

test('headers are trimmed, and their names alike', () => {
	const {headers} = endpointOf({
		type: 'ollama',
		headers: {' X-Team ': ' one two\t', 'x-team': 'last', 'X-Empty': '', 'X-Word': 'caf\u00E9'},
	});
	expect(headers).toEqual({'x-team': 'last', 'x-empty': '', 'x-word': 'caf\u00E9'});
});

test.each([
	['two words', 'x'],
	['', 'x'],
	['name:', 'x'],
	['n\u00E4me', 'x'],
	['evil\r\nhost', 'x'],
	['x-name', 'two\nlines'],
	['x-name', 'nul\u0000'],
	['x-name', '\u4F60\u597D'],
	['Content-Length', '5'],
	['transfer-encoding', 'chunked'],
])('refuses the header %j with the value %j without repeating the value', (name, value) => {
	const attempt = () => endpointOf({type: 'ollama', headers: {[name]: `${value}-secret`}});
	expect(attempt).toThrow(expect.objectContaining({kind: 'bad-request'}));
	expect(attempt).toThrow(expect.objectContaining({hint: expect.stringContaining('ollama')}));
	expect(attempt).not.toThrow(/secret|[\r\n]/);
});

test('a key in a header takes the place of the key', () => {
	const own = endpointOf({type: 'openai', apiKey: 'key', headers: {'X-Api-Key': 'mine'}});
	expect(keyHeader(own)).toBe('x-api-key');
	expect(authHeaders(own)).toEqual({'x-api-key': 'mine'});
	const keyless = endpointOf({type: 'anthropic', headers: {authorization: 'Bearer mine'}});
	expect(() => {
		requireKey(keyless);
	}).not.toThrow();
});
