import {expect, test} from 'vitest';
import type {Answer} from '../../source/core/chat.ts';
import {FailureError} from '../../source/core/failure.ts';
import {createApprovals} from '../../source/engine/approvals.ts';
import {createBudget} from '../../source/engine/budget.ts';
import {createContext} from '../../source/engine/context.ts';
import {createGates} from '../../source/engine/gate.ts';
import {createJournal} from '../../source/engine/journal.ts';
import {createModelCaller} from '../../source/engine/model-caller.ts';
import type {Recorder} from '../../source/engine/recorder.ts';
import type {Provider, StreamOptions} from '../../source/providers/provider.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import {createTurns} from '../../source/engine/turns.ts';
import {createTestRecorder} from '../helpers/fake-recorder.ts';
import {quickClock} from '../helpers/run-parts.ts';

const answer: Answer = {
	message: {
		role: 'assistant',
		parts: [{kind: 'text', text: 'Hello'}],
		origin: {provider: 'openai', model: 'm'},
	},
	stopReason: 'end',
	usage: {
		input: 10,
		cacheRead: null,
		cacheWrite: null,
		output: 5,
		reasoning: null,
		estimated: false,
	},
	model: 'm-1',
};

type Say = (call: number, options: StreamOptions) => Answer | Error;

function providerThat(say: Say): {provider: Provider; calls: () => number} {
	let calls = 0;
	const provider: Provider = {
		type: 'openai',
		endpoint: 'http://127.0.0.1:1',
		health: async () => ({state: 'up'}),
		models: async () => [],
		capabilities: async () => ({
			tools: 'native',
			structuredOutput: 'enforced',
			contextTokens: null,
			maxOutputTokens: null,
			parallelCalls: null,
		}),
		async *stream(_, options) {
			calls += 1;
			const said = say(calls, options);
			if (said instanceof Error) {
				throw said;
			}

			yield {type: 'text-delta', text: 'Hello'};
			yield {type: 'finished', answer: said};
		},
	};
	return {provider, calls: () => calls};
}

const request = {system: 's', messages: [{role: 'user', text: 'hi'}]} as const;

function callerOver(
	recorder: Recorder,
	provider: Provider,
	options: {
		past?: readonly RunEvent[];
		redact?: (text: string) => string;
		limit?: number;
		onSleep?: () => void;
	} = {},
) {
	const waits: number[] = [];
	const heard: string[] = [];
	const clock = {
		...quickClock,
		async sleep(ms: number, signal: AbortSignal) {
			waits.push(ms);
			options.onSleep?.();
			signal.throwIfAborted();
		},
	};
	const journal = createJournal(options.past ?? []);
	const turns = createTurns(journal);
	const context = createContext(
		{
			recorder,
			redact: options.redact ?? (text => text),
			approvals: createApprovals(recorder, () => defaultRunSettings, clock),
			budget: createBudget(
				() => options.limit ?? null,
				() => recorder.state.usage.total.total,
			),
			gates: createGates(),
			reached: new Set(),
			journal,
			turns,
			stream: ({text}) => heard.push(text),
		},
		{subtask: 'a', attempt: 1},
		'teammate-1',
		new AbortController().signal,
	);
	const call = createModelCaller({
		profile: {name: 'teammate-1', provider: 'openai', model: 'm'},
		session: {subtask: 'a', attempt: 1},
		connect: async () => ({
			provider,
			model: 'm',
			parallelCalls: 1,
			maxOutputTokens: 1_000,
			firstByteMs: 1_000,
			idleMs: 1_000,
		}),
		context,
		clock,
		random: () => 0.5,
	});
	return {call, waits, heard, turns, context};
}

async function setUp(say: Say, options: Parameters<typeof callerOver>[2] = {}) {
	const recorder = await createTestRecorder();
	const events: RunEvent[] = [];
	recorder.subscribe(event => events.push(event));
	const {provider, calls} = providerThat(say);
	return {recorder, events, calls, ...callerOver(recorder, provider, options)};
}

test('a call is logged before and after, counted, and heard while it is said', async () => {
	const {call, events, heard, recorder} = await setUp(() => answer);
	expect(await call(request, 1)).toEqual(answer);
	expect(events.map(({type}) => type)).toEqual(['model-call-started', 'model-call-finished']);
	expect(recorder.state.usage.total).toMatchObject({calls: 1, input: 10, output: 5, total: 15});
	expect(heard).toEqual(['Hello']);
});

test('a failure that may pass is tried again, with one event and a wait that people see for each try', async () => {
	const overloaded = new FailureError('overloaded', 'busy');
	const {call, events, waits, calls} = await setUp(n => (n < 3 ? overloaded : answer));
	expect(await call(request, 1)).toEqual(answer);
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
	const {call, waits} = await setUp(n => (n === 1 ? limited : answer));
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
	const {call, calls} = await setUp(() => new FailureError(kind, 'no', {hint: 'do this'}));
	await expect(call(request, 1)).rejects.toMatchObject({kind, hint: 'do this'});
	expect(calls()).toBe(1);
});

test('four calls are enough', async () => {
	const {call, calls} = await setUp(() => new FailureError('transient', 'no'));
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'transient'});
	expect(calls()).toBe(4);
});

test('an answer that is logged is given again without a call and without an event', async () => {
	const first = await setUp(() => answer);
	await first.call(request, 1);
	const {provider, calls} = providerThat(() => answer);
	const events = first.events.length;
	const again = callerOver(first.recorder, provider, {past: first.events});
	expect(await again.call(request, 1)).toEqual(answer);
	expect(calls()).toBe(0);
	expect(first.events).toHaveLength(events);
	await again.call({...request, system: 'other'}, 2);
	expect(calls()).toBe(1);
	// The workspace holds what came of the logged answer: another conversation would not fit to it.
	await expect(again.call({...request, system: 'changed'}, 1)).rejects.toThrow('cannot go on');
});

test('what goes on with the conversation is what the log holds: without secrets', async () => {
	const secret = {
		...answer,
		message: {...answer.message, parts: [{kind: 'text', text: 'key-1234'}]},
	};
	const {call} = await setUp(() => secret as Answer, {
		redact: text => text.replaceAll('key-1234', '[redacted]'),
	});
	expect((await call(request, 1)).message.parts).toEqual([{kind: 'text', text: '[redacted]'}]);
});

test('a call for which no tokens are left is not made', async () => {
	const {call, calls} = await setUp(() => answer, {limit: 100});
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'limit-reached'});
	expect(calls()).toBe(0);
});

test('a server that has answered before and is gone is tried again: it may be starting', async () => {
	const down = new FailureError('server-down', 'refused');
	const {call, calls} = await setUp(n => (n === 2 ? down : answer));
	await call(request, 1);
	expect(await call({...request, system: 'next'}, 2)).toEqual(answer);
	expect(calls()).toBe(3);
});

test.each(['a call', 'a retry', 'a slot', 'tokens', 'a pause'] as const)(
	'a turn that the person ends waits no longer for %s, and is not tried again',
	async what => {
		const recorder = await createTestRecorder();
		const events: RunEvent[] = [];
		recorder.subscribe(event => events.push(event));
		const endTurn = () => {
			turns.underWay('teammate-1')?.end();
		};
		const {provider, calls} = providerThat(() => {
			if (what === 'a call') {
				endTurn();
				return new FailureError('cancelled', 'aborted');
			}

			return new FailureError('overloaded', 'busy');
		});
		const {call, turns, context} = callerOver(recorder, provider, {
			limit: 10_000,
			...(what === 'a retry' ? {onSleep: endTurn} : {}),
		});
		context.turns.begin(1);
		if (what === 'a slot') {
			await context.gate(provider.endpoint, 1, () => undefined);
		} else if (what === 'tokens') {
			await context.reserve(9_000, 900);
		} else if (what === 'a pause') {
			recorder.emit({type: 'run-paused', reason: 'by you'});
		}

		const asked = call(request, 1);
		asked.catch(() => undefined);
		await new Promise(resolve => setImmediate(resolve));
		endTurn();
		await expect(asked).rejects.toMatchObject({kind: 'cancelled'});
		expect(context.turns.interrupted(1)).toBe(true);
		const failures = events.filter(({type}) => type === 'model-call-failed');
		const made = what === 'a call' || what === 'a retry' ? 1 : 0;
		expect(calls()).toBe(made);
		expect(failures).toHaveLength(made);
		if (what === 'a call') {
			expect(failures).toMatchObject([{failure: {kind: 'cancelled'}, try: 1}]);
			expect(failures[0]).not.toHaveProperty('retryInMs');
			expect(recorder.state.usage.lost).toBeGreaterThanOrEqual(1_000);
		}

		// Later turns are not concerned.
		context.turns.begin(2);
		expect(context.turns.signal().aborted).toBe(false);
	},
);

test('while the run is paused no call is made, and the agent is seen to wait', async () => {
	const {call, calls, events, recorder} = await setUp(() => answer);
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
	expect(await asked).toEqual(answer);
	expect(events.map(({type}) => type)).toEqual([
		'run-paused',
		'agent-waiting',
		'run-unpaused',
		'agent-resumed',
		'model-call-started',
		'model-call-finished',
	]);
});
