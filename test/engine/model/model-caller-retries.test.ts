import {expect, test} from 'vitest';
import {FailureError} from '../../../source/core/failure.ts';
import {
	callerOver,
	connectionTo,
	hello,
	providerThat,
	request,
	setUpCaller,
} from '../../helpers/model-calls.ts';

test('a failure that may pass is tried again, with one event and a wait that people see for each try', async () => {
	const overloaded = new FailureError('overloaded', 'busy');
	const {call, events, waits, calls} = await setUpCaller(n => (n < 3 ? overloaded : hello));
	expect(await call(request, 1)).toEqual(hello);
	expect(calls()).toBe(3);
	expect(waits).toEqual([500, 1_000]);
	const failures = events.filter(({type}) => type === 'model-call-failed');
	expect(failures).toMatchObject([
		{try: 1, retryInMs: 500, failure: {kind: 'overloaded'}},
		{try: 2, retryInMs: 1_000},
	]);
	expect(events.filter(({type}) => type === 'agent-waiting')).toMatchObject([
		{for: 'rate-limit', until: expect.any(String)},
		{for: 'rate-limit'},
	]);
});

test('the wait is never shorter than the server asked for', async () => {
	const limited = new FailureError('rate-limit', 'slow down', {retryAfterMs: 7_000});
	const {call, waits} = await setUpCaller(n => (n === 1 ? limited : hello));
	await call(request, 1);
	expect(waits).toEqual([7_000]);
});

test.each([
	'auth',
	'quota',
	'model-missing',
	'server-down',
	'bad-request',
	'context-overflow',
] as const)('%s is not asked twice', async kind => {
	const {call, calls} = await setUpCaller(() => new FailureError(kind, 'no', {hint: 'do this'}));
	await expect(call(request, 1)).rejects.toMatchObject({kind, hint: 'do this'});
	expect(calls()).toBe(1);
});

test('four calls are enough', async () => {
	const {call, calls} = await setUpCaller(() => new FailureError('transient', 'no'));
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'transient'});
	expect(calls()).toBe(4);
});

test('a server that has answered before and is gone is tried again: it may be starting', async () => {
	const down = new FailureError('server-down', 'refused');
	const {call, calls} = await setUpCaller(n => (n === 2 ? down : hello));
	await call(request, 1);
	expect(await call({...request, system: 'next'}, 2)).toEqual(hello);
	expect(calls()).toBe(3);
});

test('a refused connection and a wrong key are told at once, not after minutes', async () => {
	for (const kind of ['server-down', 'auth'] as const) {
		const {call, calls, waits} = await setUpCaller(() => new FailureError(kind, 'no'));
		await expect(call(request, 1)).rejects.toMatchObject({kind});
		expect(calls()).toBe(1);
		expect(waits).toEqual([]);
	}
});

test('a failure to connect is tried again and logged like any other', async () => {
	let tries = 0;
	const {provider} = providerThat(() => hello);
	const {call, events} = await setUpCaller(() => hello, {
		async connect() {
			tries += 1;
			if (tries < 3) {
				throw new FailureError('transient', 'the list of models broke off');
			}

			return connectionTo(provider);
		},
	});
	expect(await call(request, 1)).toEqual(hello);
	expect(events.filter(({type}) => type === 'model-call-failed')).toMatchObject([
		{try: 1, retryInMs: 500},
		{try: 2, retryInMs: 1_000},
	]);
});

test('a server that loads its model is waited for, and people see that', async () => {
	const loading = new FailureError('server-loading', 'is still loading');
	const {call, calls, waits, events} = await setUpCaller(n => (n < 9 ? loading : hello));
	expect(await call(request, 1)).toEqual(hello);
	expect(calls()).toBe(9);
	expect(waits).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000]);
	expect(events.find(({type}) => type === 'agent-waiting')).toMatchObject({
		for: 'server-loading',
		detail: 'is still loading',
		until: expect.any(String),
	});
});

test('a server that never comes to an end of loading is given up after a quarter of an hour', async () => {
	const {call, waits} = await setUpCaller(() => new FailureError('server-loading', 'loading'));
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'server-loading'});
	expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(15 * 60_000);
	expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(16 * 60_000);
});

test('retries of one call end in time, whatever the server asks for', async () => {
	const {call, waits} = await setUpCaller(
		() => new FailureError('rate-limit', 'slow down', {retryAfterMs: 400_000}),
	);
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'rate-limit'});
	expect(waits).toEqual([400_000, 400_000]);
});

test('an empty answer is asked for once more at once, and is then told to the agent, also after a crash', async () => {
	const empty = new FailureError('empty-answer', 'nothing');
	const {call, calls, waits, events, recorder} = await setUpCaller(() => empty);
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'empty-answer'});
	expect(calls()).toBe(2);
	expect(waits).toEqual([]);
	await expect(call({...request, system: 'next'}, 2)).rejects.toMatchObject({kind: 'empty-answer'});
	const {provider, calls: more} = providerThat(() => hello);
	const again = await callerOver(recorder, provider, {past: events});
	await expect(again.call(request, 1)).rejects.toMatchObject({kind: 'empty-answer'});
	expect(more()).toBe(0);
});

test('waiting for a server that loads costs none of the tries', async () => {
	const {call} = await setUpCaller(n => {
		if (n <= 6) {
			return new FailureError('server-loading', 'loading');
		}
		return n <= 9 ? new FailureError('transient', 'no') : hello;
	});
	expect(await call(request, 1)).toEqual(hello);
});

test('a model that fails repeatedly gets a rest', async () => {
	const {call, waits} = await setUpCaller(n =>
		n <= 6 ? new FailureError('transient', 'no') : hello,
	);
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'transient'});
	await call({...request, system: 'next'}, 2);
	expect(waits.slice(3).some(ms => ms > 5_000)).toBe(true);
});

test('a call that failed for good is asked again by a resumed run', async () => {
	const {call, events, recorder} = await setUpCaller(() => new FailureError('auth', 'no'));
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'auth'});
	const again = await callerOver(recorder, providerThat(() => hello).provider, {past: events});
	expect(await again.call(request, 1)).toEqual(hello);
});

test('a server that is gone is tried for a minute, then given up as one that cannot be reached', async () => {
	const down = new FailureError('server-down', 'refused');
	const {call, calls, waits} = await setUpCaller(n => (n === 1 ? hello : down));
	await call(request, 1);
	await expect(call({...request, system: 'next'}, 2)).rejects.toMatchObject({kind: 'server-down'});
	expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
	expect(calls()).toBeLessThan(50);
});
