import {describe, expect, it} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {emptyRunState, spentTokens, spentUsd, type RunState} from '../../source/core/run-state.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {everyEvent, placed, sampleReport} from './every-event.ts';

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

describe('an attempt', () => {
	const begun: RunEventBody = {type: 'subtask-started', ...scope, base: 'b'};

	it('is what its teammate is at from its start until its end', () => {
		expect(after([begun]).agents.get('t1')).toMatchObject({
			activity: 'calling',
			detail: 'prepares its workspace',
			subtask: 'a',
			attempt: 1,
		});
		expect(after([begun, started]).agents.get('t1')).toMatchObject({activity: 'thinking'});
		const [first] = everyEvent;
		if (first?.type !== 'run-started') throw new Error('no start');
		const known: RunEventBody = {...begun, agent: 'teammate-1'};
		expect(after([first, known]).agents.get('teammate-1')).toMatchObject({provider: 'ollama'});
	});

	it.each([
		[{type: 'attempt-finished', ...scope, change: null, summary: '', outputs: {}}],
		[{type: 'subtask-completed', subtask: 'a', attempt: 1, summary: '', outputs: {}}],
		[{type: 'attempt-restarted', subtask: 'a', attempt: 1, reason: ''}],
		[{type: 'subtask-cancelled', subtask: 'a', reason: ''}],
		[{type: 'subtask-failed', subtask: 'a', failure: {kind: 'internal', message: ''}}],
	] satisfies readonly (readonly [RunEventBody])[])('that is over leaves it idle: %#', over => {
		expect(after([begun, over]).agents.get('t1')).toMatchObject({
			activity: 'idle',
			subtask: undefined,
		});
		// It may work on something else by then.
		expect(after([begun, {...begun, subtask: 'b'}, over]).agents.get('t1')).toMatchObject({
			activity: 'calling',
			subtask: 'b',
		});
	});
});

describe('since when', () => {
	const second = (seconds: number) => placed({type: 'run-unpaused'}, seconds).time;

	it('is when it began what it does now', () => {
		const since = (bodies: readonly RunEventBody[]) => after(bodies).agents.get('t1')?.since;
		expect(since([started])).toBe(second(1));
		expect(since([started, call])).toBe(second(2));
		expect(since([started, call, answered])).toBe(second(2));
		expect(since([started, call, answered, {...call, turn: 4}])).toBe(second(4));
	});

	it('stays with who rests already', () => {
		const rest: RunEventBody = {type: 'agent-finished', ...scope, reason: 'done', turns: 1};
		const resumed: RunEventBody = {
			type: 'run-resumed',
			settings: defaultRunSettings,
			program: '2',
		};
		expect(after([started, rest, resumed]).agents.get('t1')?.since).toBe(second(2));
		expect(after([started, resumed]).agents.get('t1')).toMatchObject({
			activity: 'idle',
			since: second(2),
		});
	});
});

describe('checks of an attempt', () => {
	const check: RunEventBody = {
		type: 'check-started',
		subtask: 'a',
		attempt: 1,
		place: 'workspace',
		check: 'test',
		command: 'npm test',
	};
	const green: RunEventBody = {
		type: 'check-finished',
		subtask: 'a',
		attempt: 1,
		place: 'workspace',
		check: 'test',
		passed: true,
		exitCode: 0,
		durationMs: 1,
		output: '',
	};
	const verified: RunEventBody = {
		type: 'verification-finished',
		subtask: 'a',
		attempt: 1,
		round: 1,
		passed: false,
		report: '',
	};

	it('are what its agent is at, until all of them have run', () => {
		const does = (bodies: readonly RunEventBody[]) => after(bodies).agents.get('t1');
		expect(does([started, check])).toMatchObject({activity: 'verifying', detail: 'npm test'});
		expect(does([started, check, green])).toMatchObject({
			activity: 'verifying',
			detail: undefined,
		});
		expect(does([started, check, green, verified])).toMatchObject({activity: 'thinking'});
	});

	it('are nobody’s when the agent is elsewhere, or when they run on the merged result', () => {
		const elsewhere: RunEventBody = {...started, subtask: 'b'};
		const doing = {activity: 'thinking', subtask: 'b'};
		expect(after([started, elsewhere, check]).agents.get('t1')).toMatchObject(doing);
		const rest: RunEventBody = {type: 'agent-finished', ...scope, reason: 'finished', turns: 1};
		const merged: RunEventBody = {...check, place: 'merged'};
		expect(after([started, rest, merged]).agents.get('t1')).toMatchObject({activity: 'idle'});
		expect(after([started, merged]).agents.get('t1')).toMatchObject({activity: 'thinking'});
	});
});

describe('the lead', () => {
	const [first] = everyEvent;
	const subject = {kind: 'plan', revision: 1, hash: 'f00d'} as const;
	const planned = [
		first?.type === 'run-started' ? first : [],
		{type: 'agent-started', agent: 'lead', provider: 'demo', model: 'm'},
		{type: 'agent-finished', agent: 'lead', reason: 'finished', turns: 1},
		everyEvent.find(({type}) => type === 'plan-proposed') ?? [],
		{type: 'approval-requested', approval: 'p1', subject, until: 'later'},
	].flat() as readonly RunEventBody[];

	it('waits while somebody has to decide on its plan', () => {
		expect(after(planned).agents.get('lead')).toMatchObject({
			activity: 'waiting',
			waitsFor: 'decision',
			detail: 'revision 1 of the plan',
			until: 'later',
		});
		const decided: RunEventBody = {
			type: 'approval-decided',
			approval: 'p1',
			decision: 'approve',
			scope: 'once',
			origin: 'person',
		};
		expect(after([...planned, decided]).agents.get('lead')).toMatchObject({
			activity: 'idle',
			waitsFor: undefined,
			until: undefined,
		});
		expect(
			after([...planned, {type: 'planning-started', revision: 2}]).agents.get('lead'),
		).toMatchObject({activity: 'idle'});
	});

	it('that made no plan waits for nothing', () => {
		const without = planned.filter(({type}) => !type.startsWith('agent-'));
		expect(after(without).agents.size).toBe(0);
	});
});

describe('the end of a run', () => {
	it('leaves nobody waiting', () => {
		const waits: RunEventBody = {type: 'agent-waiting', ...scope, for: 'message'};
		const stopped: RunEventBody = {type: 'run-stopped', report: sampleReport};
		for (const agent of after([started, waits, stopped]).agents.values()) {
			expect(agent).toMatchObject({activity: 'idle', waitsFor: undefined, subtask: undefined});
		}
	});
});

const noUsage = {
	input: null,
	cacheRead: null,
	cacheWrite: null,
	output: null,
	reasoning: null,
	estimated: true,
};

describe('tokens', () => {
	it('add up for the run, the model and the agent', () => {
		const state = after([call, answered, {...call, call: 'c2'}, {...answered, call: 'c2'}]);
		const expected = {calls: 2, input: 6_420, output: 14, total: 6_434, usd: 0, unpriced: 2};
		expect(state.usage.total).toEqual(expected);
		expect(state.usage.models).toEqual(new Map([['m-2026', expected]]));
		expect(state.agents.get('t1')?.usage).toEqual(expected);
		expect(state.subtasks.get('a')?.usage).toEqual(expected);
	});

	it('come with what they cost, and with the calls of which that is not known', () => {
		const priced = {...answered, usd: 0.25};
		const state = after([call, priced, {...call, call: 'c2'}, {...answered, call: 'c2'}]);
		expect(state.usage.total).toMatchObject({calls: 2, usd: 0.25, unpriced: 1});
		expect(state.subtasks.get('a')?.usage).toMatchObject({usd: 0.25, unpriced: 1});
		const lost = after([
			{...call, reservedUsd: 0.5},
			{type: 'run-resumed', settings: defaultRunSettings, program: 'p'},
		]);
		expect(spentUsd(lost)).toBe(0.5);
	});

	it('are held back while a call is under way, not between its tries', () => {
		expect([...after([call]).openCalls.values()]).toEqual([{tokens: 900, usd: 0}]);
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

	it('of a call that failed are spent where it had used any', () => {
		const failed: RunEventBody = {
			type: 'model-call-failed',
			...scope,
			call: 'c1',
			failure: {kind: 'stream-truncated', message: 'x'},
			try: 1,
			model: 'm',
		};
		const usage = {...noUsage, input: 100, output: 20};
		expect(after([call, {...failed, usage, usd: 0.5}])).toMatchObject({
			usage: {total: {calls: 1, total: 120, usd: 0.5}, lost: 0},
			openCalls: new Map(),
		});
		expect(spentTokens(after([call, failed]))).toBe(0);
		expect(spentTokens(after([call, answered, call, {...failed, usage}]))).toBe(3_217 + 120);
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
