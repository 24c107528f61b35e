import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {answered, call, scope, started} from './agent-events.ts';
import {everyEvent, placed, sampleReport} from './every-event.ts';
import {fold as after} from './folded-state.ts';

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

	test.each([
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

describe('since when', () => {
	const second = (seconds: number) => placed({type: 'run-unpaused'}, seconds).time;

	test('is when it began what it does now', () => {
		const since = (bodies: readonly RunEventBody[]) => after(bodies).agents.get('t1')?.since;
		expect(since([started])).toBe(second(1));
		expect(since([started, call])).toBe(second(2));
		expect(since([started, call, answered])).toBe(second(2));
		expect(since([started, call, answered, {...call, turn: 4}])).toBe(second(4));
	});

	test('stays with who rests already', () => {
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

	test('waits while somebody has to decide on its plan', () => {
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

	test('that made no plan waits for nothing', () => {
		const without = planned.filter(({type}) => !type.startsWith('agent-'));
		expect(after(without).agents.size).toBe(0);
	});
});

describe('the end of a run', () => {
	test('leaves nobody waiting', () => {
		const waits: RunEventBody = {type: 'agent-waiting', ...scope, for: 'message'};
		const stopped: RunEventBody = {type: 'run-stopped', report: sampleReport};
		for (const agent of after([started, waits, stopped]).agents.values()) {
			expect(agent).toMatchObject({activity: 'idle', waitsFor: undefined, subtask: undefined});
		}
	});
});

describe('messages', () => {
	const sent: RunEventBody = {type: 'message-sent', message: 'm1', from: 'a', to: 'b', text: 'hi'};

	test('wait until they are delivered', () => {
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
