import {expect, test} from 'vitest';
import {toolCallsOf, type Answer} from '../../source/core/chat.ts';
import {FailureError} from '../../source/core/failure.ts';
import {createRedactor} from '../../source/core/redact.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import {wish} from '../helpers/context-parts.ts';
import {createTestRecorder} from '../helpers/fake-recorder.ts';
import {
	callerOver,
	connectionTo,
	hello,
	providerThat,
	setUpCaller,
} from '../helpers/model-calls.ts';

const request = {system: 's', messages: [{role: 'user', text: 'hi'}]} as const;

test('a call is logged before and after, counted, and heard while it is said', async () => {
	const {call, events, heard, recorder} = await setUpCaller(() => hello);
	expect(await call(request, 1)).toEqual(hello);
	expect(events.map(({type}) => type)).toEqual(['model-call-started', 'model-call-finished']);
	expect(recorder.state.usage.total).toMatchObject({calls: 1, input: 10, output: 5, total: 15});
	expect(heard).toEqual(['Hello']);
});

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

test('an answer that is logged is given again without a call and without an event', async () => {
	const first = await setUpCaller(() => hello);
	await first.call(request, 1);
	const {provider, calls} = providerThat(() => hello);
	const events = first.events.length;
	const again = callerOver(first.recorder, provider, {past: first.events});
	expect(await again.call(request, 1)).toEqual(hello);
	expect(calls()).toBe(0);
	expect(first.events).toHaveLength(events);
	await again.call({...request, system: 'other'}, 2);
	expect(calls()).toBe(1);
	// The workspace holds what came of the logged answer: another conversation would not fit to it.
	await expect(again.call({...request, system: 'changed'}, 1)).rejects.toThrow('cannot go on');
});

test('what goes on with the conversation is what the log holds: without secrets', async () => {
	const secret = {
		...hello,
		message: {...hello.message, parts: [{kind: 'text', text: 'key-1234'}]},
	};
	const {call} = await setUpCaller(() => secret as Answer, {
		redact: text => text.replaceAll('key-1234', '[redacted]'),
	});
	expect((await call(request, 1)).message.parts).toEqual([{kind: 'text', text: '[redacted]'}]);
});

test('a call for which no tokens are left is not made', async () => {
	const {call, calls} = await setUpCaller(() => hello, {limit: 100});
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'limit-reached'});
	expect(calls()).toBe(0);
});

test('a server that has answered before and is gone is tried again: it may be starting', async () => {
	const down = new FailureError('server-down', 'refused');
	const {call, calls} = await setUpCaller(n => (n === 2 ? down : hello));
	await call(request, 1);
	expect(await call({...request, system: 'next'}, 2)).toEqual(hello);
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
			await context.gate({
				endpoint: provider.endpoint,
				model: 'm',
				parallelCalls: 1,
				provider: 'openai',
			});
		} else if (what === 'tokens') {
			await context.reserve(wish(9_000, 900));
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
			expect(failures[0]).toMatchObject({usage: {estimated: true}});
			expect(recorder.state.usage.total).toMatchObject({calls: 1, total: expect.any(Number)});
			expect(recorder.state.usage.total.total).toBeGreaterThan(0);
		}

		// Later turns are not concerned.
		context.turns.begin(2);
		expect(context.turns.signal().aborted).toBe(false);
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
	const again = callerOver(recorder, provider, {past: events});
	await expect(again.call(request, 1)).rejects.toMatchObject({kind: 'empty-answer'});
	expect(more()).toBe(0);
});

test('a conversation that leaves no room for an answer is not sent', async () => {
	const {provider, calls} = providerThat(() => hello);
	const {call, events} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 1_000}),
	});
	await expect(call({...request, system: 'x'.repeat(3_000)}, 1)).rejects.toMatchObject({
		kind: 'context-overflow',
		message: expect.stringMatching(/about \d+ of the 1000 tokens that m has here/),
	});
	expect(calls()).toBe(0);
	expect(events).toEqual([]);
});

test('near the end of the context the server is asked how long the request is, where it can tell', async () => {
	const {provider, calls} = providerThat(() => hello, {countTokens: async () => 400});
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 1_000}),
	});
	expect(await call({...request, system: 'x'.repeat(3_400)}, 1)).toEqual(hello);
	expect(calls()).toBe(1);
});

test('the answer may be as long as the context has room', async () => {
	const asked: number[] = [];
	const {provider} = providerThat((_, __, {maxOutputTokens}) => {
		asked.push(maxOutputTokens);
		return hello;
	});
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 1_500}),
	});
	await call({...request, system: 'x'.repeat(2_800)}, 1);
	expect(asked[0]).toBeGreaterThan(600);
	expect(asked[0]).toBeLessThan(700);
});

test('a call costs what its price says; without a price it is counted as unpriced', async () => {
	const {provider} = providerThat(() => hello);
	const priced = await setUpCaller(() => hello, {
		connect: async () =>
			connectionTo(provider, {price: ({input, output}) => (input ?? 0) + (output ?? 0)}),
	});
	await priced.call(request, 1);
	expect(priced.recorder.state.usage.total).toMatchObject({usd: 15, unpriced: 0});
	expect(priced.events[0]).toMatchObject({reservedUsd: expect.any(Number), provider: 'openai'});
	const unpriced = await setUpCaller(() => hello);
	await unpriced.call(request, 1);
	expect(unpriced.recorder.state.usage.total).toMatchObject({usd: 0, unpriced: 1});
});

test('of several calls only the first is kept for a model that can be shown one only', async () => {
	const calls = ['a', 'b'].map(id => ({
		kind: 'tool-call' as const,
		id,
		name: 'look',
		argumentsText: '{}',
		arguments: {},
	}));
	const many: Answer = {...hello, message: {...hello.message, parts: calls}};
	const {provider} = providerThat(() => many);
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {callsPerAnswer: 'one'}),
	});
	expect((await call(request, 1)).message.parts).toEqual([calls[0]]);
});

test('an answer is read as it was meant before it is logged', async () => {
	const meant: Answer = {...hello, stopReason: 'refusal'};
	const {call, events} = await setUpCaller(() => hello, {read: () => meant});
	expect(await call(request, 1)).toEqual(meant);
	expect(events.at(-1)).toMatchObject({type: 'model-call-finished', stopReason: 'refusal'});
});

test('a model that says the same without end is cut off, and told so by its agent', async () => {
	const line = 'I will now look at the file again to see whether it is there.\n';
	let said = 0;
	const {provider} = providerThat(() => hello, {
		async *stream() {
			for (; said < 10_000; said++) {
				yield {type: 'text-delta', text: line};
			}

			yield {type: 'finished', answer: hello};
		},
	});
	const {call, events} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider),
	});
	await expect(call(request, 1)).rejects.toMatchObject({
		kind: 'output-cut',
		message: expect.stringContaining('repeated itself without end'),
	});
	expect(said).toBeLessThan(200);
	expect(events.filter(({type}) => type === 'model-call-failed')).toHaveLength(1);
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

test('waiting for a server that loads costs none of the tries', async () => {
	const {call} = await setUpCaller(n => {
		if (n <= 6) return new FailureError('server-loading', 'loading');
		return n <= 9 ? new FailureError('transient', 'no') : hello;
	});
	expect(await call(request, 1)).toEqual(hello);
});

test('a model that fails again and again is left alone for a while', async () => {
	const {call, waits} = await setUpCaller(n =>
		n <= 6 ? new FailureError('transient', 'no') : hello,
	);
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'transient'});
	await call({...request, system: 'next'}, 2);
	expect(waits.slice(3).some(ms => ms > 5_000)).toBe(true);
});

test('what the server counts decides what fits into the next request', async () => {
	const counted = {...hello, usage: {...hello.usage, input: 1_000}};
	const {provider, calls} = providerThat(() => counted);
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 3_000, maxOutputTokens: 300}),
	});
	await call({...request, system: 'x'.repeat(930)}, 1);
	await expect(call({...request, system: 'x'.repeat(2_900)}, 2)).rejects.toMatchObject({
		kind: 'context-overflow',
	});
	expect(calls()).toBe(1);
});

test('what was held back for a call is free again after it', async () => {
	const {call, calls} = await setUpCaller(() => hello, {limit: 2_500});
	for (const turn of [1, 2, 3, 4]) {
		await call({...request, system: `turn ${turn}`}, turn);
	}

	expect(calls()).toBe(4);
});

test('a call that failed for good is asked again by a resumed run', async () => {
	const {call, events, recorder} = await setUpCaller(() => new FailureError('auth', 'no'));
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'auth'});
	const again = callerOver(recorder, providerThat(() => hello).provider, {past: events});
	expect(await again.call(request, 1)).toEqual(hello);
});

test('a server that is gone for good is given up within a minute, as one that cannot be reached', async () => {
	const down = new FailureError('server-down', 'refused');
	const {call, calls, waits} = await setUpCaller(n => (n === 1 ? hello : down));
	await call(request, 1);
	await expect(call({...request, system: 'next'}, 2)).rejects.toMatchObject({kind: 'server-down'});
	expect(calls()).toBe(7);
	expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(60_000);
});

test('what a failed call has used counts: by the server where it says so, else by our estimate', async () => {
	const empty = new FailureError('empty-answer', 'nothing', {
		usage: {...hello.usage, input: 5_000, output: 3_000},
	});
	const said = await setUpCaller(() => empty);
	await expect(said.call(request, 1)).rejects.toMatchObject({kind: 'empty-answer'});
	expect(said.recorder.state.usage.total).toMatchObject({calls: 2, total: 16_000});
	const {provider} = providerThat(() => hello, {
		async *stream() {
			yield {type: 'text-delta', text: textOfLength(3_500)};
			throw new FailureError('stream-truncated', 'cut');
		},
	});
	const cut = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {price: ({output}) => output ?? 0}),
	});
	await expect(cut.call(request, 1)).rejects.toMatchObject({kind: 'stream-truncated'});
	expect(cut.recorder.state.usage.total).toMatchObject({calls: 4, output: 4_000, usd: 4_000});
	const refused = await setUpCaller(() => new FailureError('auth', 'no'));
	await expect(refused.call(request, 1)).rejects.toMatchObject({kind: 'auth'});
	expect(refused.recorder.state.usage.total.calls).toBe(0);
});

test('a server that counts nothing is counted by our estimate, so that limits hold', async () => {
	const uncounted: Answer = {...hello, usage: {...hello.usage, input: null, output: null}};
	const {call, recorder} = await setUpCaller(() => uncounted);
	const answer = await call({...request, system: 'x'.repeat(3_500)}, 1);
	expect(answer.usage).toMatchObject({estimated: true});
	expect(recorder.state.usage.total.input).toBeGreaterThan(1_000);
	expect(recorder.state.usage.total.output).toBeGreaterThan(0);
});

test.each([
	['negative', -1e9],
	['beyond all measure', 1e308],
	['no whole number', 0.5],
	['no number', Number.NaN],
])('a count of tokens that is %s was not said', async (_, count) => {
	const odd: Answer = {
		...hello,
		usage: {...hello.usage, input: count, output: count, cacheRead: count},
		tokensPerSecond: count * Number.POSITIVE_INFINITY,
	};
	const {call, recorder} = await setUpCaller(() => odd);
	const {usage, tokensPerSecond} = await call(request, 1);
	expect(usage).toMatchObject({estimated: true, cacheRead: null});
	expect(tokensPerSecond).toBeUndefined();
	expect(recorder.state.usage.total.total).toBeGreaterThan(0);
	expect(recorder.state.usage.total.total).toBeLessThan(100);
});

test('an answer that nobody can take apart is paid for, and told to the agent', async () => {
	const deep = {...hello, usage: {...hello.usage, input: 1_000, output: 500}};
	const {call, recorder} = await setUpCaller(() => deep, {
		read() {
			throw new RangeError('Maximum call stack size exceeded');
		},
	});
	await expect(call(request, 1)).rejects.toMatchObject({
		kind: 'bad-call',
		message: expect.stringContaining('nested too deep'),
	});
	expect(recorder.state.usage.total).toMatchObject({calls: 1, total: 1_500});
});

test('ids of calls that were given in the session before are given anew, also after a crash', async () => {
	const calling: Answer = {
		...hello,
		message: {
			...hello.message,
			parts: ['same', 'same'].map(id => ({
				kind: 'tool-call',
				id,
				name: 'look',
				argumentsText: '{}',
				arguments: {},
			})),
		},
	};
	const idsOf = ({message}: Answer) => toolCallsOf(message).map(({id}) => id);
	const {call, events, recorder} = await setUpCaller(() => calling);
	const first = idsOf(await call(request, 1));
	const second = idsOf(await call({...request, system: 'next'}, 2));
	expect(new Set([...first, ...second]).size).toBe(4);
	const again = callerOver(recorder, providerThat(() => calling).provider, {past: events});
	expect(idsOf(await again.call(request, 1))).toEqual(first);
	await again.call({...request, system: 'next'}, 2);
	const third = idsOf(await again.call({...request, system: 'third'}, 3));
	expect(new Set([...first, ...second, ...third]).size).toBe(6);
});

test('secrets are taken out of each text of an answer, and nothing between them', async () => {
	const parts: Answer['message']['parts'] = [
		{kind: 'text', text: 'see http://localhost:3000'},
		{
			kind: 'tool-call',
			id: 'c',
			name: 'read_file',
			argumentsText: '{"path":"@output-1"}',
			arguments: {path: '@output-1'},
		},
	];
	const {call} = await setUpCaller(() => ({...hello, message: {...hello.message, parts}}), {
		redact: createRedactor([]),
	});
	expect((await call(request, 1)).message.parts).toEqual(parts);
});

test('waiting for what others hold of the budget is seen', async () => {
	const {context, call, recorder, events} = await setUpCaller(() => hello, {limit: 2_500});
	const held = await context.reserve(wish(1_000, 1_000));
	const asked = call(request, 1);
	await new Promise(resolve => setImmediate(resolve));
	expect(recorder.state.agents.get('teammate-1')).toMatchObject({waitsFor: 'budget'});
	held.settle();
	expect(await asked).toEqual(hello);
	expect(events.map(({type}) => type).slice(0, 2)).toEqual(['agent-waiting', 'agent-resumed']);
});

test('who waited for a place while the run was paused gives it back', async () => {
	const {context, call, calls, recorder} = await setUpCaller(() => hello);
	const place = {endpoint: 'http://127.0.0.1:1', model: 'm', parallelCalls: 1, provider: 'openai'};
	const pass = await context.gate(place);
	const asked = call(request, 1);
	await new Promise(resolve => setImmediate(resolve));
	recorder.emit({type: 'run-paused', reason: 'by you'});
	pass.leave();
	await new Promise(resolve => setImmediate(resolve));
	expect(calls()).toBe(0);
	recorder.emit({type: 'run-unpaused'});
	expect(await asked).toEqual(hello);
});

/** A text that does not repeat itself. */
function textOfLength(length: number): string {
	return Array.from({length}, (_, index) => `${index} `)
		.join('')
		.slice(0, length);
}
