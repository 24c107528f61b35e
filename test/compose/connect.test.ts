import {expect, onTestFinished, test} from 'vitest';
import {createConnect} from '../../source/compose/connect.ts';
import type {Environment} from '../../source/core/environment.ts';
import {say, startModelServer, type ModelServerOptions} from '../helpers/model-server.ts';
import {quickClock} from '../helpers/run-parts.ts';
import {patienceMs} from '../helpers/patience.ts';

async function setUp(options: ModelServerOptions = {}, environment: Environment = {}) {
	const server = await startModelServer(() => say('hi'), options);
	onTestFinished(async () => server.close());
	const connect = createConnect({environment, clock: quickClock, pace: 'fast'});
	const profile = {provider: 'llama-server', model: '', baseUrl: server.url};
	return {server, connect, profile};
}

test('equal profiles share a connection, which finds the model and its limits', async () => {
	const {connect, profile, server} = await setUp();
	const {signal} = new AbortController();
	const first = await connect(profile, signal);
	const asked = server.visits.length;
	expect(first).toMatchObject({model: 'test-model', parallelCalls: 2});
	expect(await connect({...profile}, signal)).toBe(first);
	expect(server.visits).toHaveLength(asked);
});

test('whoever asked first and gave up takes nobody else along', async () => {
	const {connect, profile} = await setUp();
	const stop = new AbortController();
	const first = connect(profile, stop.signal);
	const second = connect(profile, new AbortController().signal);
	stop.abort(new Error('given up'));
	await expect(first).rejects.toThrow('given up');
	expect(await second).toMatchObject({model: 'test-model'});
});

test('a retired model is named with its successor, without a call', async () => {
	const {connect, profile, server} = await setUp();
	const retired = {...profile, provider: 'anthropic', model: 'claude-3-5-sonnet-20241022'};
	await expect(connect(retired, new AbortController().signal)).rejects.toMatchObject({
		kind: 'model-missing',
		message: expect.stringContaining('claude-sonnet-5-5'),
	});
	expect(server.visits).toEqual([]);
});

test('a model without a form for calls is told of its tools, and held to calls where its server can do that', async () => {
	const {signal} = new AbortController();
	const without = await setUp({tools: false});
	expect(await without.connect(without.profile, signal)).toMatchObject({
		toolMode: {tools: 'described', grammar: true},
		contextTokens: expect.any(Number),
	});
	const usual = await setUp();
	expect(await usual.connect(usual.profile, signal)).toMatchObject({
		toolMode: {tools: 'native', grammar: true},
	});
	const compatible = {provider: 'openai', model: 'test-model', baseUrl: usual.server.url};
	expect(await usual.connect(compatible, signal)).toMatchObject({
		toolMode: {tools: 'native', grammar: false},
		contextTokens: null,
		parallelCalls: Number.POSITIVE_INFINITY,
	});
});

test('the calls at once are what the person says, before what the server says', async () => {
	const {connect, profile} = await setUp();
	const {signal} = new AbortController();
	expect(await connect({...profile, parallelCalls: 1}, signal)).toMatchObject({parallelCalls: 1});
});

test('headers come from the environment where they name a variable; without it the person is told which', async () => {
	const {connect, profile, server} = await setUp({}, {TEAM_KEY: ' s3cret\n', SHORT: 'x'});
	const {signal} = new AbortController();
	const headers = {'X-Team': 'team $TEAM_KEY', 'X-Both': '${SHORT}-$SHORT', 'X-Plain': 'a b'};
	const {provider, model} = await connect({...profile, headers}, signal);
	const options = {signal, idleMs: patienceMs, firstByteMs: patienceMs, retry: 0};
	const request = {
		model,
		system: '',
		messages: [{role: 'user', text: 'hi'}],
		maxOutputTokens: 10,
	} as const;
	for await (const _ of provider.stream(request, options)) {
		// Only the request counts.
	}

	expect(server.requests[0]?.headers).toMatchObject({
		'x-team': 'team s3cret',
		'x-both': 'x-x',
		'x-plain': 'a b',
	});
	await expect(
		connect({...profile, headers: {'X-Team': '$NO_SUCH'}}, signal),
	).rejects.toMatchObject({
		kind: 'auth',
		message: 'A header of llama-server uses the variable NO_SUCH, which is not set.',
		hint: 'set NO_SUCH',
	});
});

test('a service uses its only model if none is named, and refuses to choose one of several', async () => {
	const {signal} = new AbortController();
	const one = await setUp();
	const service = {provider: 'mine', type: 'openai', model: ''} as const;
	expect(await one.connect({...service, baseUrl: one.server.url}, signal)).toMatchObject({
		model: 'test-model',
	});
	const many = await setUp({models: ['a', 'b']});
	await expect(many.connect({...service, baseUrl: many.server.url}, signal)).rejects.toMatchObject({
		kind: 'model-missing',
		message: 'mine has no default model.',
		hint: 'name one of its models: a, b',
	});
});
