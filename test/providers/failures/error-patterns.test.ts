import {afterEach, beforeEach, expect, test} from 'vitest';
import type {FailureKind} from '../../../source/core/failure.ts';
import type {Json} from '../../../source/core/json.ts';
import {delivered, httpError, raw, say, startModelServer} from '../../helpers/model-server.ts';
import type {ModelServer, Reply} from '../../helpers/model-server.ts';
import {capturePrints, type Prints} from '../../helpers/model-server/prints.ts';
import {adapters, connectTo, type Adapter} from '../conformance/adapters.ts';
import {failureRows, openAi, overflowed} from '../conformance/failure-rows.ts';
import {request} from '../conformance/requests.ts';
import {failureOf} from '../conformance/streams.ts';

let server: ModelServer | undefined;
let prints: Prints;

beforeEach(() => {
	prints = capturePrints();
});

afterEach(async () => {
	await server?.close();
	prints.stopSilent();
});

/** What a model server does, by what is to come of it; every request is sent once. */
async function expectFailure(adapter: Adapter, reply: Reply, expected: object): Promise<void> {
	server = await startModelServer(() => reply);
	const error = await failureOf(connectTo(adapter, server.url), request());
	expect(error).toMatchObject(expected);
	expect(error.message).toContain('test-model');
	expect(error.message).not.toMatch(/[\n\r]/);
	expect(server.requests).toHaveLength(1);
}

test.each(failureRows)(
	'%s: %s for status %d with %j',
	async (adapter, kind, status, body, expected) => {
		const {hint, message} = expected ?? {};
		await expectFailure(adapter, httpError(status, body), {
			kind,
			status,
			...(hint === undefined ? {} : {hint: expect.stringMatching(hint)}),
			...(message === undefined ? {} : {message: expect.stringMatching(message)}),
		});
	},
);

test.each(adapters)('%s: a body without a word is judged by its status', async adapter => {
	await expectFailure(adapter, httpError(401, ''), {kind: 'auth'});
	await server?.close();
	await expectFailure(adapter, httpError(529, ''), {kind: 'overloaded'});
	await server?.close();
	await expectFailure(adapter, httpError(418, 'I am a teapot'), {kind: 'bad-request'});
});

test.each<[Adapter, Record<string, string>, number | undefined]>([
	['anthropic', {'retry-after': '1'}, 1000],
	['openai', {'retry-after': '90'}, 90_000],
	['compatible', {'retry-after': '1.5'}, 1500],
	['lmstudio', {'retry-after-ms': '250', 'retry-after': '1'}, 250],
	['llama-server', {}, undefined],
	['llama-server', {'retry-after': 'later'}, undefined],
	[
		'openai',
		{'retry-after': 'Wed Oct 21 07:28:30 2026', date: 'Wed, 21 Oct 2026 07:28:00 GMT'},
		30_000,
	],
	[
		'ollama',
		{'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT'},
		30_000,
	],
])('%s: how long to wait is read from %j', async (adapter, headers, retryAfterMs) => {
	await expectFailure(adapter, httpError(429, {error: {message: 'Slow down.'}}, headers), {
		kind: 'rate-limit',
		retryAfterMs,
	});
});

test.each(adapters)(
	'%s: a 429 that shall not be retried is no matter of waiting',
	async adapter => {
		const reply = httpError(429, {error: {message: 'No.'}}, {'x-should-retry': 'false'});
		await expectFailure(adapter, reply, {
			kind: 'quota',
			hint: expect.stringContaining('billing'),
		});
	},
);

test.each([301, 302, 307, 308])('a redirect with status %d is not followed', async status => {
	for (const adapter of adapters) {
		const reply = httpError(status, '', {location: 'https://elsewhere.test/v1/?key=k'});
		await expectFailure(adapter, reply, {
			kind: 'server-down',
			status,
			hint: 'if you trust it, use https://elsewhere.test as the base URL',
		});
		await server?.close();
	}
});

const json = (body: Json) => raw(JSON.stringify(body), 'application/json');
const events = (body: string) => raw(body, 'text/event-stream');

test.each<[string, Adapter, Reply, object]>([
	[
		'an HTML page',
		'anthropic',
		raw('<!doctype html><p>Log in', 'text/html'),
		{kind: 'server-down', hint: 'check the base URL'},
	],
	[
		'an HTML page that claims to be a stream',
		'openai',
		events('<html><body>Log in</body></html>\n\n'),
		{kind: 'stream-truncated'},
	],
	['JSON of another program', 'compatible', json({ok: true}), {kind: 'server-down'}],
	[
		'JSON that ends early',
		'compatible',
		raw('{"choices": [{"del', 'application/json'),
		{kind: 'stream-truncated'},
	],
	['an error with a code', 'llama-server', json({error: overflowed}), {kind: 'context-overflow'}],
	['a bare error', 'llama-server', json(overflowed), {kind: 'context-overflow'}],
	['loading', 'llama-server', json(openAi(503, 'Loading model')), {kind: 'server-loading'}],
	[
		'a wrong path',
		'lmstudio',
		json({error: 'Unexpected endpoint or method. (POST /v1/chat/completions)'}),
		{kind: 'server-down'},
	],
	[
		'an error event of text',
		'lmstudio',
		events('event: error\ndata: Trying to keep the first 4096 tokens when context overflows\n\n'),
		{kind: 'context-overflow', status: undefined},
	],
	[
		'an error event of JSON',
		'lmstudio',
		events(
			'event: error\ndata: {"error":{"message":"Trying to keep the first 4096 tokens"},"message":"x"}\n\n',
		),
		{kind: 'context-overflow'},
	],
	['a well-formed stream with nothing in it', 'lmstudio', say(''), {kind: 'empty-answer'}],
	[
		'garbage lines',
		'ollama',
		raw('{"model": oops}\n', 'application/x-ndjson'),
		{kind: 'transient'},
	],
	[
		'an error line',
		'ollama',
		raw('{"error":"out of memory"}\n', 'application/x-ndjson'),
		{kind: 'transient'},
	],
])('a 200 with %s (%s)', async (_, adapter, reply, expected) => {
	await expectFailure(adapter, reply, expected);
});

test.each<[Adapter, string, string, FailureKind]>([
	['anthropic', 'overloaded_error', 'Overloaded', 'overloaded'],
	['anthropic', 'rate_limit_error', 'Slow down.', 'rate-limit'],
	['anthropic', 'api_error', 'Internal server error', 'transient'],
	['anthropic', 'invalid_request_error', 'Wrong.', 'bad-request'],
	['openai', 'server_error', 'Oh no.', 'transient'],
	['openai', 'rate_limit_exceeded', 'Slow down.', 'rate-limit'],
	['compatible', 'server_error', 'Oh no.', 'transient'],
	['llama-server', 'exceed_context_size_error', 'the context is full', 'context-overflow'],
	['lmstudio', 'x', 'Trying to keep the first 4096 tokens', 'context-overflow'],
	['ollama', '', 'server busy, please try again', 'overloaded'],
	['ollama', '', 'an error was encountered while running the model', 'transient'],
])('%s: an error inside a stream, %s "%s", is %s', async (adapter, type, message, kind) => {
	await expectFailure(adapter, delivered(say('Half'), {how: 'failed', type, message}), {
		kind,
		status: undefined,
		partial: 'Half',
	});
});
