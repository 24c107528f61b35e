import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import {planHash} from '../../source/core/plan.ts';
import type {RunEvent, RunEventBody} from '../../source/core/run-event.ts';
import {emptyRunState, openApprovals, type RunState} from '../../source/core/run-state.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {everyEvent, placed, sampleReport} from './every-event.ts';
import {anyLog, simulatedLog} from './simulated-run.ts';

const logs = fc.oneof(simulatedLog, anyLog);
const plan = planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]});
const hash = planHash(plan);
const proposed: RunEventBody = {
	type: 'plan-proposed',
	revision: 1,
	hash,
	plan: JSON.stringify(plan),
	origin: 'lead',
};
const requested: RunEventBody = {
	type: 'approval-requested',
	approval: 'p1',
	subject: {kind: 'plan', revision: 1, hash},
};
const approved: RunEventBody = {
	type: 'approval-decided',
	approval: 'p1',
	decision: 'approve',
	scope: 'once',
	origin: 'person',
};

describe('the state of a run', () => {
	it('is the same whether its events come one by one, all at once, or again', () => {
		fc.assert(
			fc.property(logs, events => {
				const seen: RunState[] = [];
				const state = emptyRunState();
				for (const event of events) seen.push(structuredClone(applyEvent(state, event)));
				expect(state).toEqual(foldAll(events));
				for (const [index, past] of seen.entries()) {
					expect(past).toEqual(foldAll(events.slice(0, index + 1)));
				}
			}),
			{numRuns: 60},
		);
	});

	it('can go on from a copy of it at any place', () => {
		fc.assert(
			fc.property(logs, fc.nat(100), (events, place) => {
				const copy = structuredClone(foldAll(events.slice(0, place)));
				expect(foldAll(events.slice(place), copy)).toEqual(foldAll(events));
			}),
		);
	});

	it('changes neither events nor entries that a view may hold', () => {
		fc.assert(
			fc.property(logs, events => {
				const state = emptyRunState();
				for (const event of events) {
					applyEvent(state, deepFreeze(structuredClone(event)));
					for (const map of [state.subtasks, state.agents, state.approvals, state.messages]) {
						for (const entry of map.values()) deepFreeze(entry);
					}
				}

				expect(state).toEqual(foldAll(events));
			}),
		);
	});

	it('ends, for a whole run, with every subtask of the plan final and nothing open', () => {
		fc.assert(
			fc.property(simulatedLog, events => {
				const state = foldAll(events);
				for (const {id} of state.plan?.plan.subtasks ?? []) {
					expect(state.subtasks.get(id)?.status).toMatch(/^(completed|failed|skipped|cancelled)$/);
				}

				expect(state.plan).toBeDefined();
				expect(state.openCalls.size).toBe(0);
				expect(openApprovals(state)).toEqual([]);
			}),
		);
	});

	it('knows the place of the last event', () => {
		const state = fold([{type: 'planning-started', revision: 1}, proposed]);
		expect({seq: state.seq, epoch: state.epoch}).toEqual({seq: 2, epoch: 1});
	});
});

describe('a plan in the state', () => {
	it('waits for its decision, and its subtasks appear when it is approved', () => {
		const waiting = fold([proposed, requested]);
		expect(waiting.status).toBe('awaiting-approval');
		expect(waiting.subtasks.size).toBe(0);
		const running = fold([proposed, requested, approved]);
		expect(running.status).toBe('running');
		expect([...running.subtasks.values()].map(({id, status}) => `${id} ${status}`)).toEqual([
			'a pending',
			'b pending',
		]);
	});

	it('is not approved by a decision on another revision', () => {
		const next = {...proposed, revision: 2, hash: 'other'};
		const state = fold([proposed, requested, next, approved]);
		expect(state.plan).toMatchObject({revision: 2, approved: false});
		expect(state.subtasks.size).toBe(0);
	});

	it('goes by the first decision', () => {
		const late = {...approved, decision: 'reject' as const, feedback: 'no'};
		const state = fold([proposed, requested, approved, late]);
		expect(state.status).toBe('running');
		expect(state.feedback).toEqual([]);
		expect(state.approvals.get('p1')?.decision?.decision).toBe('approve');
	});

	it('that is sent back leaves its reason for the lead', () => {
		const rejected = {...approved, decision: 'reject' as const, feedback: 'smaller steps'};
		const state = fold([proposed, requested, rejected]);
		expect(state.status).toBe('planning');
		expect(state.feedback).toEqual(['smaller steps']);
		expect(state.denied).toEqual([]);
	});

	it('that nobody could decide on is listed as denied', () => {
		for (const origin of ['nobody', 'deadline'] as const) {
			const state = fold([proposed, requested, {...approved, decision: 'reject', origin}]);
			expect(state.denied).toEqual([{what: 'plan revision 1', by: origin}]);
		}
	});

	it('in a blob is read from there', () => {
		const payload = {blob: 'ab'.repeat(32), bytes: 9_000};
		const event = placed({...proposed, plan: payload});
		expect(applyEvent(emptyRunState(), event).plan).toBeUndefined();
		expect(
			applyEvent(emptyRunState(), event, asked =>
				asked === payload ? JSON.stringify(plan) : undefined,
			).plan?.plan,
		).toEqual(plan);
	});

	it('that cannot be read is no plan', () => {
		for (const text of ['{', '{}', '{"subtasks":[]}']) {
			expect(fold([{...proposed, plan: text}]).plan).toBeUndefined();
		}
	});
});

describe('a decision on a command', () => {
	const ask: RunEventBody = {
		type: 'approval-requested',
		approval: 't1',
		subject: {
			kind: 'tool',
			agent: 'teammate-1',
			subtask: 'a',
			tool: 'bash',
			summary: 'a call',
			detail: 'curl example.org',
			directory: '/w',
			reason: 'network',
		},
	};
	const start: RunEventBody = {
		type: 'subtask-started',
		subtask: 'a',
		attempt: 1,
		agent: 'teammate-1',
		base: 'b',
	};

	it('holds its subtask up until it is there', () => {
		expect(fold([start, ask]).subtasks.get('a')?.status).toBe('awaiting-approval');
		const state = fold([start, ask, {...approved, approval: 't1'}]);
		expect(state.subtasks.get('a')?.status).toBe('running');
		expect(state.denied).toEqual([]);
	});

	it('is listed when it was no', () => {
		const state = fold([start, ask, {...approved, approval: 't1', decision: 'reject'}]);
		expect(state.denied).toEqual([
			{agent: 'teammate-1', subtask: 'a', what: 'curl example.org', by: 'person'},
		]);
	});
});

describe('pausing', () => {
	const pause: RunEventBody = {type: 'run-paused', reason: 'by you'};
	const unpause: RunEventBody = {type: 'run-unpaused'};

	it('shows, and ends where the run was', () => {
		expect(fold([proposed, requested, approved, pause]).status).toBe('paused');
		expect(fold([proposed, requested, approved, pause, unpause]).status).toBe('running');
		expect(fold([pause, unpause]).status).toBe('planning');
	});

	it('does not hide that a plan waits for a decision', () => {
		expect(fold([proposed, requested, pause, unpause]).status).toBe('awaiting-approval');
	});
});

describe('a budget that is changed', () => {
	it('is a setting of the run from then on, but prompts say what they said', () => {
		const [started] = everyEvent;
		if (started?.type !== 'run-started') throw new Error('no start');
		const changed: RunEventBody = {type: 'budget-changed', maxTokens: 7};
		const state = fold([started, changed]);
		expect(state.settings).toEqual({...started.settings, maxTokens: 7});
		expect(state.startedWith).toEqual(started.settings);
		expect(fold([started, changed, {type: 'budget-changed', maxTokens: null}])).toMatchObject({
			settings: {maxTokens: null},
		});
		const paid: RunEventBody = {type: 'budget-changed', maxTokens: 7, maxUsd: 5};
		expect(fold([started, paid]).settings).toMatchObject({maxTokens: 7, maxUsd: 5});
		expect(fold([started, paid, changed]).settings).toMatchObject({maxUsd: 5});
	});
});

describe('the end of a run', () => {
	it.each([
		['completed', 'completed'],
		['failed', 'failed'],
		['rejected', 'rejected'],
		['cancelled', 'cancelled'],
		['no-provider', 'stopped'],
		['limit-reached', 'stopped'],
		['undecided', 'stopped'],
		['interrupted', 'stopped'],
		['terminated', 'stopped'],
		['planned', 'stopped'],
		['store-failed', 'stopped'],
	] as const)('with outcome %s leaves it %s', (outcome, status) => {
		expect(fold([{type: 'run-stopped', report: {...sampleReport, outcome}}]).status).toBe(status);
	});
});

describe('resuming', () => {
	const resumed: RunEventBody = {type: 'run-resumed', settings: defaultRunSettings, program: '2'};
	const stopped: RunEventBody = {
		type: 'run-stopped',
		report: {...sampleReport, outcome: 'interrupted'},
	};
	const call: RunEventBody = {
		type: 'model-call-started',
		agent: 'lead',
		call: 'c1',
		turn: 1,
		request: 'ab',
		reserved: 4_000,
	};

	it('counts what was under way as spent, and lets no agent wait for it', () => {
		const waiting: RunEventBody = {type: 'agent-waiting', agent: 'lead', for: 'slot'};
		const state = fold([call, waiting, resumed]);
		expect(state.usage.lost).toBe(4_000);
		expect(state.openCalls.size).toBe(0);
		expect(state.agents.get('lead')).toMatchObject({activity: 'idle', waitsFor: undefined});
	});

	it('does not count a call twice', () => {
		expect(fold([call, resumed, resumed]).usage.lost).toBe(4_000);
	});

	it('goes on where the run stood, with the new settings', () => {
		const settings = {...defaultRunSettings, maxTokens: 5};
		const state = fold([proposed, requested, approved, stopped, {...resumed, settings}]);
		expect(state).toMatchObject({status: 'running', report: undefined, settings: {maxTokens: 5}});
	});

	it('forgets a cancellation that ended the run', () => {
		expect(fold([{type: 'cancel-requested'}, stopped]).cancelRequested).toBe(true);
		expect(fold([{type: 'cancel-requested'}, stopped, resumed]).cancelRequested).toBe(false);
	});

	it('counts the time of every invocation, but not the time in between', () => {
		const at = (seconds: number, body: RunEventBody) => placed(body, seconds);
		const events = [
			at(1, {type: 'planning-started', revision: 1}),
			at(4, stopped),
			at(50, resumed),
			at(52, {type: 'planning-started', revision: 2}),
			// A crash, noticed much later.
			at(58, resumed),
			at(59, stopped),
			// An undo after the end is nobody's working time.
			at(60, {type: 'undo-finished', files: [], kept: []}),
		];
		expect(foldAll(events).activeMs).toBe(3_000 + 2_000 + 1_000);
	});

	it('is not put off by a clock that was set back', () => {
		const late = placed({type: 'planning-started', revision: 1}, 30);
		const early = placed({type: 'planning-started', revision: 1}, 10);
		expect(foldAll([late, early, late]).activeMs).toBe(20_000);
	});
});

describe('commands from the inbox', () => {
	it('are remembered, so that none is obeyed twice', () => {
		const state = fold([
			{type: 'run-paused', reason: 'x', inbox: 'i1'},
			{type: 'run-unpaused'},
			{type: 'cancel-requested', subtask: 'a', inbox: 'i2'},
		]);
		expect([...state.inboxSeen]).toEqual(['i1', 'i2']);
	});
});

describe('delivery', () => {
	const begun: RunEventBody = {type: 'delivery-started', mode: 'apply', head: 'm1', paths: []};
	const ended: RunEventBody = {type: 'delivery-finished', mode: 'apply', files: ['a']};

	it('is open until it is finished', () => {
		expect(fold([begun]).delivery).toMatchObject({done: false, files: []});
		expect(fold([begun, ended]).delivery).toMatchObject({done: true, files: ['a'], undone: false});
	});

	it('is undone only when nothing had to be kept', () => {
		const undo = (kept: string[]): RunEventBody => ({type: 'undo-finished', files: ['a'], kept});
		expect(fold([begun, ended, undo([])]).delivery?.undone).toBe(true);
		expect(fold([begun, ended, undo(['b'])]).delivery?.undone).toBe(false);
	});
});

function fold(bodies: readonly RunEventBody[]): RunState {
	return foldAll(bodies.map((body, index) => placed(body, index + 1)));
}

function foldAll(events: readonly RunEvent[], from: RunState = emptyRunState()): RunState {
	return events.reduce((state, event) => applyEvent(state, event), from);
}

function deepFreeze<Value>(value: Value): Value {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const field of Object.values(value)) deepFreeze(field);
	}

	return value;
}
