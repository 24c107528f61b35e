import {expect, test} from 'vitest';
import {delivered, httpError, raw, say} from '../../helpers/model-server.ts';
import type {ProviderContext} from '../../conformance/provider-context.ts';
import {request} from './requests.ts';
import {failureOf} from './streams.ts';
import {patienceMs} from '../../helpers/patience.ts';

/** What a provider makes of everything that goes wrong. */
export function testFailures(context: ProviderContext): void {
	test('ends at once when it is aborted before the server answers', async () => {
		const controller = new AbortController();
		const {provider, server} = await context.start(() => {
			controller.abort();
			return delivered(say('Never.'), {how: 'stalled', afterBytes: 0});
		});
		const error = await failureOf(provider, request(), {signal: controller.signal});
		expect(error.kind).toBe('cancelled');
		await server.requests[0]?.disconnected;
	});

	test('ends at once when it is aborted in the middle of an answer', async () => {
		const controller = new AbortController();
		const {provider, server} = await context.start(() =>
			delivered(say('A long answer.'), {how: 'stalled', afterBytes: Infinity}),
		);
		const error = await failureOf(provider, request(), {
			signal: controller.signal,
			onEvent: () => {
				controller.abort();
			},
		});
		expect(error.kind).toBe('cancelled');
		expect(error.partial).toMatch(/^A long/);
		await server.requests[0]?.disconnected;
	});

	test('sends nothing when it is aborted already', async () => {
		const {provider, server} = await context.start(() => say('Never.'));
		const error = await failureOf(provider, request(), {signal: AbortSignal.abort()});
		expect(error.kind).toBe('cancelled');
		expect(server.requests).toEqual([]);
	});

	test('does not take a stream without its end mark for an answer', async () => {
		const {provider} = await context.start(() => delivered(say('Half an answer'), {how: 'cut'}));
		const error = await failureOf(provider, request());
		expect(error).toMatchObject({kind: 'stream-truncated', partial: 'Half an answer'});
	});

	test('tells a broken connection from an answer', async () => {
		const {provider} = await context.start(({protocol}) =>
			delivered(say('Half an answer'), {
				how: 'destroyed',
				afterBytes: protocol === 'anthropic' || protocol === 'responses' ? 550 : 150,
			}),
		);
		expect(await failureOf(provider, request())).toMatchObject({kind: 'stream-truncated'});
	});

	test.each([0, Infinity])('notices silence after %d bytes', async afterBytes => {
		const {provider, server} = await context.start(() =>
			delivered(say('Wait'), {how: 'stalled', afterBytes}),
		);
		const silence = afterBytes === 0 ? {firstByteMs: 50} : {idleMs: 200};
		const error = await failureOf(provider, request(), silence);
		expect(error).toMatchObject({kind: 'stalled', partial: afterBytes === 0 ? '' : 'Wait'});
		await server.requests[0]?.disconnected;
	});

	test('asks once when the key is wrong, and never names it', async () => {
		const key = 'key-of-the-test';
		const {provider, server} = await context.start(() =>
			httpError(401, {error: {type: 'authentication_error', message: `${key} is not valid`}}),
		);
		const error = await failureOf(provider, request());
		expect(error).toMatchObject({
			kind: 'auth',
			status: 401,
			hint: `check ${context.traits.keyVariable}`,
		});
		expect(error.message).toContain(context.addressOf(server));
		expect(error.message).toContain('test-model');
		expect(error.message).not.toContain(key);
		expect(server.requests).toHaveLength(1);
	});

	test('passes on how long to wait', async () => {
		const {provider, server} = await context.start(() =>
			httpError(429, undefined, {'retry-after': '90'}),
		);
		const error = await failureOf(provider, request());
		expect(error).toMatchObject({kind: 'rate-limit', retryAfterMs: 90_000, status: 429});
		expect(server.requests).toHaveLength(1);
	});

	test('asks once when the server breaks', async () => {
		const {provider, server} = await context.start(() => httpError(500));
		const error = await failureOf(provider, request());
		expect(error).toMatchObject({kind: 'transient', status: 500});
		expect(server.requests).toHaveLength(1);
	});

	test('says how to start a server that is not there', async () => {
		const {provider, server} = await context.start(() => say('Never.'));
		await server.close();
		const error = await failureOf(provider, request());
		const hint = expect.stringContaining(context.traits.startHint);
		expect(error).toMatchObject({kind: 'server-down', hint});
		expect(error.message).toContain(context.addressOf(server));
		expect(await provider.health({signal: AbortSignal.timeout(patienceMs)})).toMatchObject({
			state: 'down',
			hint,
		});
	});

	test('says what to do about a model that the server does not have', async () => {
		const {provider, server} = await context.start(() => say('Never.'), {models: ['other-model']});
		const error = await failureOf(provider, request());
		expect(error.kind).toBe('model-missing');
		expect(error.hint).toMatch(context.traits.missingModelHint);
		expect(server.requests).toHaveLength(1);
	});

	test('classifies an error that comes inside a stream', async () => {
		const {provider} = await context.start(() =>
			delivered(say('Half'), {
				how: 'failed',
				type: 'overloaded_error',
				message: 'Overloaded: server busy',
			}),
		);
		expect(await failureOf(provider, request())).toMatchObject({
			kind: 'overloaded',
			partial: 'Half',
			status: undefined,
		});
	});

	test('calls garbage in a stream a failure that may pass', async () => {
		const {provider} = await context.start(({protocol}) =>
			protocol === 'ollama'
				? raw('{"model": garbage}\n', 'application/x-ndjson')
				: raw('event: message_start\ndata: {"model": garbage}\n\n', 'text/event-stream'),
		);
		expect(await failureOf(provider, request())).toMatchObject({kind: 'transient'});
	});

	test('says that a web page is no model server', async () => {
		const {provider} = await context.start(() => raw('<!doctype html><p>Log in</p>', 'text/html'));
		const error = await failureOf(provider, request());
		expect(error).toMatchObject({kind: 'server-down', hint: 'check the base URL'});
	});

	test('does not take nothing for an answer', async () => {
		const {provider} = await context.start(() => say(''));
		expect(await failureOf(provider, request())).toMatchObject({kind: 'empty-answer'});
	});

	test('knows a request that does not fit into the context', async () => {
		const {provider} = await context.start(() => httpError(400, context.traits.overflow));
		expect(await failureOf(provider, request())).toMatchObject({kind: 'context-overflow'});
	});

	test('reports a refused key as health', async () => {
		const {provider} = await context.start(() => say('Never.'), {key: 'another'});
		expect(await provider.health({signal: AbortSignal.timeout(patienceMs)})).toMatchObject({
			state: 'unauthorized',
			hint: `check ${context.traits.keyVariable}`,
		});
	});
}
