import {expect, test} from 'vitest';
import {FailureError} from '../../../source/core/failure.ts';
import type {RunEvent} from '../../../source/core/run-event.ts';
import {callOf, reservation} from '../../helpers/context-parts.ts';
import {createTestRecorder} from '../../helpers/fake-recorder.ts';
import {
	callerOver,
	connectionTo,
	hello,
	providerThat,
	request,
	setUpCaller,
} from '../../helpers/model-calls.ts';

test.each(['a call', 'a retry', 'a slot', 'tokens', 'a pause'] as const)(
	'a turn that the person ends waits no longer for %s, and is not tried again',
	async what => {
		const recorder = await createTestRecorder();
		const events: RunEvent[] = [];
		recorder.subscribe(event => events.push(event));
		const endTurn = () => {
			parts.turns.of('teammate-1')?.interrupt();
		};
		const {provider, calls} = providerThat(() => {
			if (what === 'a call') {
				endTurn();
				return new FailureError('cancelled', 'aborted');
			}

			return new FailureError('overloaded', 'busy');
		});
		const {call, parts, session} = await callerOver(recorder, provider, {
			limit: 10_000,
			...(what === 'a retry' ? {onSleep: endTurn} : {}),
		});
		await session.turns.begin(1);
		if (what === 'a slot') {
			const {signal} = session;
			const {endpoint} = provider;
			const route = {endpoint, model: 'm', parallelCalls: 1, provider: 'openai'};
			await parts.endpoints.enter(route, () => undefined, signal);
		} else if (what === 'tokens') {
			await session.context.admitCall(callOf(reservation(9_000, 900)), session.signal);
		} else if (what === 'a pause') {
			recorder.emit({type: 'run-paused', reason: 'by you'});
		}

		const asked = call(request, 1);
		asked.catch(() => undefined);
		await new Promise(resolve => setImmediate(resolve));
		endTurn();
		await expect(asked).rejects.toMatchObject({kind: 'cancelled'});
		expect(session.turns.interrupted(1)).toBe(true);
		const failures = events.filter(({type}) => type === 'model-call-failed');
		const made = what === 'a call' || what === 'a retry' ? 1 : 0;
		expect(calls()).toBe(made);
		expect(failures).toHaveLength(made);
		if (what === 'a call') {
			expect(failures).toMatchObject([{failure: {kind: 'cancelled'}, try: 1}]);
			expect(failures[0]).not.toHaveProperty('retryInMs');
			expect(failures[0]).toMatchObject({usage: {estimated: true}});
			expect(recorder.state.usage.total).toMatchObject({calls: 1, total: expect.any(Number)});
			expect(recorder.state.usage.total.total).toBeGreaterThan(0);
		}

		// Later turns are not concerned; the next one begins with what the person has to say.
		const message = {message: 'm1', from: 'person', to: 'teammate-1', text: 'go on'} as const;
		recorder.emit({type: 'message-sent', ...message});
		expect(await session.turns.begin(2)).toMatchObject([{text: 'go on'}]);
		expect(session.turns.signal().aborted).toBe(false);
	},
);

test('while the run is paused no call is made, and the agent is seen to wait', async () => {
	const {call, calls, events, recorder} = await setUpCaller(() => hello);
	recorder.emit({type: 'run-paused', reason: 'by you'});
	const asked = call(request, 1);
	await new Promise(resolve => setImmediate(resolve));
	expect(calls()).toBe(0);
	expect(recorder.state.agents.get('teammate-1')).toMatchObject({
		activity: 'waiting',
		waitsFor: 'paused',
		subtask: 'a',
	});
	recorder.emit({type: 'run-unpaused'});
	expect(await asked).toEqual(hello);
	expect(events.map(({type}) => type)).toEqual([
		'run-paused',
		'agent-waiting',
		'run-unpaused',
		'agent-resumed',
		'model-call-started',
		'model-call-finished',
	]);
});

test('a server that loads or serves others before it answers is seen to, each once', async () => {
	const {provider} = providerThat(() => hello, {
		async *stream() {
			yield {type: 'progress', phase: 'queued'};
			yield {type: 'progress', phase: 'queued'};
			yield {type: 'progress', phase: 'loading'};
			yield {type: 'progress', phase: 'prompt', ratio: 0.5};
			yield {type: 'text-delta', text: 'Hello'};
			yield {type: 'finished', answer: hello};
		},
	});
	const {call, events} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider),
	});
	await call(request, 1);
	expect(events.map(event => ('for' in event ? event.for : event.type))).toEqual([
		'model-call-started',
		'slot',
		'server-loading',
		'agent-resumed',
		'model-call-finished',
	]);
});

test('waiting for what others hold of the budget is seen', async () => {
	const {session, call, recorder, events} = await setUpCaller(() => hello, {limit: 2_500});
	const {context, signal} = session;
	const held = await context.admitCall(callOf(reservation(1_000, 1_000)), signal);
	const asked = call(request, 1);
	await new Promise(resolve => setImmediate(resolve));
	expect(recorder.state.agents.get('teammate-1')).toMatchObject({waitsFor: 'budget'});
	context.endCall(held.id, {kind: 'abandoned'});
	expect(await asked).toEqual(hello);
	expect(events.map(({type}) => type).slice(0, 2)).toEqual(['agent-waiting', 'agent-resumed']);
});

test('who waited for a place while the run was paused gives it back', async () => {
	const {parts, session, call, calls, recorder} = await setUpCaller(() => hello);
	const place = {endpoint: 'http://127.0.0.1:1', model: 'm', parallelCalls: 1, provider: 'openai'};
	const pass = await parts.endpoints.enter(place, () => undefined, session.signal);
	const asked = call(request, 1);
	await new Promise(resolve => setImmediate(resolve));
	recorder.emit({type: 'run-paused', reason: 'by you'});
	pass.abandon();
	await new Promise(resolve => setImmediate(resolve));
	expect(calls()).toBe(0);
	recorder.emit({type: 'run-unpaused'});
	expect(await asked).toEqual(hello);
});
