import {describe, expect, test} from 'vitest';
import {createProvider} from '../../../source/providers/factory.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {ProviderError, type Provider} from '../../../source/providers/provider.ts';
import {say, startModelServer} from '../../helpers/model-server.ts';
import {request} from '../conformance/requests.ts';
import {ask, failureOf} from '../conformance/streams.ts';
import {startPlainServer} from './local-provider.ts';

const types = ['ollama', 'lmstudio', 'llama-server'] as const;

const connect = async (type: (typeof types)[number], baseUrl: string): Promise<Provider> =>
	createProvider({type, baseUrl}, {fetch: createFetch()});

const kindOf = async (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => 'answered',
		(error: unknown) => (error instanceof ProviderError ? error.kind : String(error)),
	);

describe.each(types)('%s', type => {
	test.each([
		[
			'a web page',
			'<!doctype html><html><body>It works!</body></html>',
			'text/html',
			'server-down',
		],
		[
			'a web page that says it is text',
			'<html><body>It works!</body></html>',
			'text/plain',
			'server-down',
		],
		['JSON of another program', '{"status":"green","nodes":3}', 'application/json', 'server-down'],
		['a list of another program', '[1,2,3]', 'application/json', 'server-down'],
		['nothing', '', 'application/json', 'server-down'],
		['JSON that ends early', '{"models":[{"na', 'application/json', 'transient'],
	])('is not fooled when %s is at the address', async (_, body, contentType, kind) => {
		const url = await startPlainServer((_message, response) => {
			response.writeHead(200, {'content-type': contentType});
			response.end(body);
		});
		const provider = await connect(type, url);
		const {signal} = new AbortController();
		const [models, stream] = [provider.models({signal}), ask(provider, request())];
		expect(await kindOf(models)).toMatch(kind);
		expect(await kindOf(stream)).toMatch(/^(server-down|transient|stream-truncated)$/);
		const claimed = await provider.capabilities('any', {signal}).catch(() => undefined);
		expect(claimed?.tools ?? 'unknown').toBe('unknown');
		expect(await provider.health({signal})).toMatchObject({
			state: 'down',
			hint: expect.stringMatching(kind === 'transient' ? /./ : /check the base URL/),
		});
	});

	test('does not wait for a server that accepts and never answers', async () => {
		const url = await startPlainServer(() => {});
		const provider = await connect(type, url);
		const signal = AbortSignal.timeout(50);
		await expect(provider.health({signal})).rejects.toMatchObject({kind: 'cancelled'});
		await expect(provider.models({signal})).rejects.toMatchObject({kind: 'cancelled'});
		await expect(provider.capabilities('any', {signal})).rejects.toMatchObject({
			kind: 'cancelled',
		});
		expect((await failureOf(provider, request(), {signal})).kind).toBe('cancelled');
	});

	test.each(['', '/', '/v1', '/v1/'])('takes an address that ends with %j', async end => {
		const server = await startModelServer(() => say('Hi.'));
		try {
			const provider = await connect(type, server.url + end);
			const {signal} = new AbortController();
			expect(await provider.models({signal})).toHaveLength(1);
			expect(await provider.capabilities('test-model', {signal})).toMatchObject({tools: 'native'});
			await ask(provider, request());
			expect(await provider.health({signal})).toMatchObject({state: 'up'});
			expect(server.visits.join(' ')).not.toMatch(/\/\/|v1\/v1/);
		} finally {
			await server.close();
		}
	});

	test.each(['hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M', 'qwen/qwen3-8b', 'qwen3:8b-q4_K_M'])(
		'takes a model that is called %s',
		async model => {
			const server = await startModelServer(() => say('Hi.'), {models: [model]});
			try {
				const provider = await connect(type, server.url);
				const {signal} = new AbortController();
				const {message} = await ask(provider, request({model}));
				expect(message.origin.model).toBe(model);
				expect(server.requests[0]?.model).toBe(model);
				expect((await provider.models({signal})).map(({id}) => id)).toEqual([model]);
				expect(await provider.capabilities(model, {signal})).toMatchObject({tools: 'native'});
			} finally {
				await server.close();
			}
		},
	);
});
