import {expect, test} from 'vitest';
import {textOf} from '../../../source/core/chat.ts';
import type {ProviderContext} from '../../conformance/provider-context.ts';
import {say} from '../../helpers/model-server.ts';
import {request, tools} from './requests.ts';
import {ask, failureOf} from './streams.ts';
import {patienceMs} from '../../helpers/patience.ts';

/** What a provider makes of addresses, model names, keys and headers. */
export function testSettings(context: ProviderContext): void {
	const signal = AbortSignal.timeout(patienceMs);

	test.each(['', '/', '/v1', '/v1/', '//'])('takes a base URL that ends with "%s"', async end => {
		const {server} = await context.start(() => say('Hi.'));
		const provider = context.connect(server.url + end);
		expect(textOf((await ask(provider, request())).message)).toBe('Hi.');
		expect((await provider.models({signal})).map(({id}) => id)).toEqual(['test-model']);
		expect((await provider.health({signal})).state).toBe('up');
	});

	test.each(['', '/', '/v1', '/v1/'])(
		'finds a server below a path that ends with "%s"',
		async end => {
			const prefix = '/team/llm';
			const {server} = await context.start(() => say('Hi.'), {prefix});
			const provider = context.connect(server.url + prefix + end);
			expect(textOf((await ask(provider, request())).message)).toBe('Hi.');
			expect((await provider.models({signal})).map(({id}) => id)).toEqual(['test-model']);
			expect(server.visits.every(visit => visit.includes(` ${prefix}/`))).toBe(true);
		},
	);

	test('takes a model name with a slash and a tag as it is', async () => {
		const model = 'meta-llama/Llama-3-8B:q4';
		const {provider, server} = await context.start(() => say('Hi.'), {
			models: [model],
			contextTokens: 8192,
		});
		expect(textOf((await ask(provider, request({model}))).message)).toBe('Hi.');
		expect(server.requests[0]?.model).toBe(model);
		expect(await provider.capabilities(model, {signal})).toMatchObject(context.traits.known);
	});

	test('sends headers of a person with every request', async () => {
		const {server} = await context.start(() => say('Hi.'), {key: 'key-of-the-test'});
		const provider = context.connect(server.url, {
			headers: {'X-Team': 'research', 'User-Agent': ' mine/1 '},
		});
		await ask(provider, request());
		await provider.health({signal});
		await provider.models({signal});
		await provider.capabilities('test-model', {signal});
		await provider.countTokens?.(request({tools}), {signal});
		expect(server.headers.length).toBeGreaterThan(2);
		for (const headers of server.headers) {
			expect(headers).toMatchObject({'x-team': 'research', 'user-agent': 'mine/1'});
			expect(headers.authorization).toBe('Bearer key-of-the-test');
		}
	});

	test.each([
		['Authorization', 'Basic dXNlcjpzZWNyZXQ='],
		['X-API-Key', 'another-key'],
		['api-key', 'another-key'],
	])('lets a key in the header %s win', async (name, value) => {
		const {server} = await context.start(() => say('Hi.'));
		const provider = context.connect(server.url, {headers: {[name]: value}});
		await ask(provider, request());
		await provider.models({signal});
		for (const headers of server.headers) {
			expect(headers[name.toLowerCase()]).toBe(value);
			expect(JSON.stringify(headers)).not.toContain('key-of-the-test');
		}
	});

	test('needs no key beside one in a header, and names that header when it is refused', async () => {
		const {server} = await context.start(() => say('Hi.'), {key: 'right'});
		const connect = (key: string) =>
			context.connect(server.url, {apiKey: undefined, headers: {'x-api-key': key}});
		expect(textOf((await ask(connect('right'), request())).message)).toBe('Hi.');
		expect(await failureOf(connect('wrong'), request())).toMatchObject({
			kind: 'auth',
			hint: 'check the header x-api-key',
		});
	});

	test('repeats no header of a person in a message', async () => {
		const {server} = await context.start(({headers}) => ({
			kind: 'error',
			status: 400,
			body: {error: {message: `Got ${headers['authorization']} and ${headers['x-token']}.`}},
		}));
		const provider = context.connect(server.url, {
			headers: {Authorization: 'Custom abc123def', 'X-Token': 'secret of two'},
		});
		const error = await failureOf(provider, request());
		expect(error.message).toMatch(/Got \[key\] and \[key\]\.$/);
	});

	test('sends nothing with a key that cannot be one', async () => {
		const {server} = await context.start(() => say('Never.'));
		for (const apiKey of ['two words', 'two\nlines', 'nul\u0000', 'schlüssel']) {
			const error = await failureOf(context.connect(server.url, {apiKey}), request());
			expect(error).toMatchObject({kind: 'auth', hint: `check ${context.traits.keyVariable}`});
			expect(error.message).not.toContain(apiKey);
		}

		expect(server.requests).toEqual([]);
	});
}
