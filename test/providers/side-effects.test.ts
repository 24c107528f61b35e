import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {
	delivered,
	httpError,
	raw,
	say,
	startModelServer,
	type Reply,
	type Script,
} from '../helpers/model-server.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import {adapters, connectTo} from './conformance/adapters.ts';
import {request, tools} from './conformance/requests.ts';
import {collect, limits} from './conformance/streams.ts';

let prints: Prints;
beforeEach(() => {
	prints = capturePrints();
});
afterEach(() => {
	prints.stop();
});

async function start(script: Script) {
	const server = await startModelServer(script);
	onTestFinished(async () => server.close());
	return server;
}

function withVariables(variables: Readonly<Record<string, string>>): void {
	const before = Object.keys(variables).map(name => [name, process.env[name]] as const);
	Object.assign(process.env, variables);
	onTestFinished(() => {
		for (const [name, value] of before) {
			if (value === undefined) {
				delete process.env[name];
			} else {
				process.env[name] = value;
			}
		}
	});
}

/** All that makes the packages talk when nobody stops them. */
const troubles: readonly (readonly [string, Reply])[] = [
	['an error page that is not JSON', httpError(500, 'Internal <b>error</b>')],
	['an error of an unknown shape', httpError(400, {error: {deep: {er: []}}})],
	['a refused key', httpError(401)],
	['a request for patience', httpError(429, undefined, {'retry-after': '1'})],
	['a deprecated model', say('Hi.')],
	['garbage', raw('{"model": oops}\ndata: {oops\n\n', 'text/event-stream')],
	['a cut', delivered(say('Half'), {how: 'cut'})],
	['a torn connection', delivered(say('Half of an answer'), {how: 'destroyed', afterBytes: 60})],
	['an error event', delivered(say('Half'), {how: 'failed', type: 'api_error', message: 'No.'})],
	['silence', delivered(say('Half'), {how: 'stalled', afterBytes: Infinity})],
	['HTML', raw('<html>Log in</html>', 'text/html')],
];

describe.each(adapters)('%s', adapter => {
	test.each(troubles)('prints nothing about %s', async (_, reply) => {
		withVariables({OPENAI_LOG: 'debug', ANTHROPIC_LOG: 'debug', DEBUG: '*'});
		const server = await start(() => reply);
		const model = 'claude-3-opus-20240229';
		const answering = collect(connectTo(adapter, server.url), request({model, tools}), {
			idleMs: 40,
		});
		await answering.catch(() => {});
		expect(server.requests).toHaveLength(1);
		expect(prints.text).toBe('');
	});

	test('prints nothing when it is left in the middle', async () => {
		const server = await start(() =>
			delivered(say('A long answer.'), {how: 'stalled', afterBytes: Infinity}),
		);
		for await (const event of connectTo(adapter, server.url).stream(request(), limits())) {
			expect(event.type).toBe('text-delta');
			break;
		}

		await server.requests[0]?.disconnected;
		expect(prints.text).toBe('');
	});

	test('sends nothing that it was not given: no key, header or fact of this machine', async () => {
		const names = [
			'OPENAI_API_KEY',
			'OPENAI_ADMIN_KEY',
			'OPENAI_ORG_ID',
			'OPENAI_PROJECT_ID',
			'ANTHROPIC_API_KEY',
			'ANTHROPIC_AUTH_TOKEN',
			'OLLAMA_API_KEY',
		];
		withVariables({
			...Object.fromEntries(names.map(name => [name, 'leaked'])),
			OPENAI_CUSTOM_HEADERS: 'X-Api-Key: leaked\nX-Other: leaked',
			ANTHROPIC_CUSTOM_HEADERS: 'X-Api-Key: leaked\nX-Other: leaked',
			OPENAI_BASE_URL: 'http://leaked',
			ANTHROPIC_BASE_URL: 'http://leaked',
		});
		const server = await start(() => say('Hi.'));
		const provider = connectTo(adapter, server.url);
		const {signal} = new AbortController();
		await collect(provider, request({tools}));
		await provider.models({signal});
		await provider.capabilities('test-model', {signal});
		await provider.countTokens?.(request(), {signal});
		const ours = new Set([
			'accept',
			'accept-encoding',
			'accept-language',
			'anthropic-version',
			'authorization',
			'connection',
			'content-length',
			'content-type',
			'host',
			'sec-fetch-mode',
			'transfer-encoding',
			'user-agent',
		]);
		for (const headers of server.headers) {
			expect(JSON.stringify(headers)).not.toContain('leaked');
			expect(Object.keys(headers).filter(name => !ours.has(name))).toEqual([]);
			expect(headers.authorization).toBe('Bearer key-of-the-test');
		}
	});

	test('sends no key when there is none', async () => {
		const server = await start(() => say('Hi.'));
		const apiKey = adapter === 'openai' ? {headers: {'x-api-key': 'k'}} : {};
		const provider = connectTo(adapter, server.url, {apiKey: undefined, ...apiKey});
		await collect(provider, request());
		await provider.models({signal: new AbortController().signal});
		expect(server.headers.every(headers => headers.authorization === undefined)).toBe(true);
	});
});
