import {describe, expect, it} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {emptyRunState, type RunState} from '../../source/core/run-state.ts';
import {placed} from './every-event.ts';

const scope = {agent: 't1', subtask: 'a', attempt: 1};
const started: RunEventBody = {type: 'agent-started', ...scope, provider: 'demo', model: 'm'};
const call: RunEventBody = {
	type: 'model-call-started',
	...scope,
	call: 'c1',
	turn: 3,
	request: 'ab',
	reserved: 900,
};
const answered: RunEventBody = {
	type: 'model-call-finished',
	...scope,
	call: 'c1',
	request: 'ab',
	model: 'm-2026',
	answer: '{}',
	stopReason: 'end',
	usage: {input: 10, cacheRead: 200, cacheWrite: 3_000, output: 7, reasoning: 5, estimated: false},
	durationMs: 1,
};

describe('what an agent does', () => {
	const tool: RunEventBody = {
		type: 'tool-call-started',
		...scope,
		call: 'x',
		tool: 'read_file',
		effect: 'read',
		summary: 'read_file src/a.ts',
	};
	const waits: RunEventBody = {
		type: 'agent-waiting',
		...scope,
		for: 'rate-limit',
		detail: 'busy',
		until: 'later',
	};

	it.each([
		['thinks after it started', [started], {activity: 'thinking', subtask: 'a', turns: 0}],
		['thinks in a call', [started, call], {activity: 'thinking', turns: 3}],
		['calls a tool', [started, tool], {activity: 'calling', detail: 'read_file src/a.ts'}],
		[
			'thinks after a tool',
			[
				started,
				tool,
				{type: 'tool-call-finished', ...scope, call: 'x', ok: true, result: '', durationMs: 1},
			],
			{activity: 'thinking', detail: undefined},
		],
		[
			'waits for a reason',
			[started, waits],
			{activity: 'waiting', waitsFor: 'rate-limit', until: 'later', detail: 'busy'},
		],
		[
			'goes on',
			[started, waits, {type: 'agent-resumed', ...scope}],
			{activity: 'thinking', waitsFor: undefined, until: undefined, detail: undefined},
		],
		[
			'rests',
			[started, waits, {type: 'agent-finished', ...scope, reason: 'done', turns: 1}],
			{activity: 'idle', subtask: undefined, waitsFor: undefined},
		],
	] satisfies readonly (readonly [string, readonly RunEventBody[], object])[])(
		'%s',
		(_, events, expected) => {
			expect(after(events).agents.get('t1')).toMatchObject(expected);
		},
	);
});

describe('tokens', () => {
	it('add up for the run, the model and the agent', () => {
		const state = after([call, answered, {...call, call: 'c2'}, {...answered, call: 'c2'}]);
		const expected = {calls: 2, input: 6_420, output: 14, total: 6_434};
		expect(state.usage.total).toEqual(expected);
		expect(state.usage.models).toEqual(new Map([['m-2026', expected]]));
		expect(state.agents.get('t1')?.usage).toEqual(expected);
	});

	it('are held back while a call is under way, not between its tries', () => {
		expect([...after([call]).openCalls.values()]).toEqual([900]);
		const failed: RunEventBody = {
			type: 'model-call-failed',
			...scope,
			call: 'c1',
			failure: {kind: 'transient', message: 'x'},
			try: 1,
		};
		expect(after([call, {...failed, retryInMs: 5}]).openCalls.size).toBe(0);
		expect(after([call, failed]).openCalls.size).toBe(0);
		expect(after([call, answered]).openCalls.size).toBe(0);
	});
});

describe('messages', () => {
	const sent: RunEventBody = {type: 'message-sent', message: 'm1', from: 'a', to: 'b', text: 'hi'};

	it('wait until they are delivered', () => {
		expect(after([sent]).messages.get('m1')).toMatchObject({delivered: false, text: 'hi'});
		const delivered: RunEventBody = {
			type: 'message-delivered',
			agent: 'b',
			message: 'm1',
			turn: 1,
		};
		expect(after([sent, delivered]).messages.get('m1')?.delivered).toBe(true);
		expect(after([delivered]).messages.size).toBe(0);
	});
});

function after(bodies: readonly RunEventBody[]): RunState {
	return bodies.reduce(
		(state, body, index) => applyEvent(state, placed(body, index + 1)),
		emptyRunState(),
	);
}
