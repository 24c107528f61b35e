import {expect, onTestFinished, test} from 'vitest';
import {createConnect} from '../../source/compose/connect.ts';
import {say, startModelServer} from '../helpers/model-server.ts';
import {quickClock} from '../helpers/run-parts.ts';

async function setUp() {
	const server = await startModelServer(() => say('hi'));
	onTestFinished(async () => server.close());
	const connect = createConnect({environment: {}, clock: quickClock, pace: 'fast'});
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
