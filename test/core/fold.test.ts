import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {openApprovals} from '../../source/core/open-approvals.ts';
import {emptyRunState, type RunState} from '../../source/core/run-state.ts';
import {everyEvent, sampleReport} from './every-event.ts';
import {approved, fold, foldAll, proposed, requested} from './folded-state.ts';
import {anyLog, simulatedLog} from './simulated-run.ts';

const logs = fc.oneof(simulatedLog, anyLog);

describe('the state of a run', () => {
	test('is the same whether its events come one by one, all at once, or again', () => {
		fc.assert(
			fc.property(logs, events => {
				const seen: RunState[] = [];
				const state = emptyRunState();
				for (const event of events) {
					seen.push(structuredClone(applyEvent(state, event)));
				}
				expect(state).toEqual(foldAll(events));
				for (const [index, past] of seen.entries()) {
					expect(past).toEqual(foldAll(events.slice(0, index + 1)));
				}
			}),
			{numRuns: 60},
		);
	});

	test('can go on from a copy of it at any place', () => {
		fc.assert(
			fc.property(logs, fc.nat(100), (events, place) => {
				const copy = structuredClone(foldAll(events.slice(0, place)));
				expect(foldAll(events.slice(place), copy)).toEqual(foldAll(events));
			}),
		);
	});

	test('changes neither events nor entries that a view may hold', () => {
		fc.assert(
			fc.property(logs, events => {
				const state = emptyRunState();
				for (const event of events) {
					applyEvent(state, deepFreeze(structuredClone(event)));
					for (const map of [state.subtasks, state.agents, state.approvals, state.messages]) {
						for (const entry of map.values()) {
							deepFreeze(entry);
						}
					}
				}

				expect(state).toEqual(foldAll(events));
			}),
		);
	});

	test('ends, for a whole run, with every subtask of the plan final and nothing open', () => {
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

	test('knows the place of the last event', () => {
		const state = fold([{type: 'planning-started', revision: 1}, proposed]);
		expect({seq: state.seq, epoch: state.epoch}).toEqual({seq: 2, epoch: 1});
	});
});

describe('pausing', () => {
	const pause: RunEventBody = {type: 'run-paused', reason: 'by you'};
	const unpause: RunEventBody = {type: 'run-unpaused'};

	test('shows, and ends where the run was', () => {
		expect(fold([proposed, requested, approved, pause]).status).toBe('paused');
		expect(fold([proposed, requested, approved, pause, unpause]).status).toBe('running');
		expect(fold([pause, unpause]).status).toBe('planning');
	});

	test('does not hide that a plan waits for a decision', () => {
		expect(fold([proposed, requested, pause, unpause]).status).toBe('awaiting-approval');
	});
});

describe('a budget that is changed', () => {
	test('is a setting of the run from then on, but prompts say what they said', () => {
		const [started] = everyEvent;
		if (started?.type !== 'run-started') {
			throw new Error('no start');
		}
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
	test.each([
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

describe('commands from the inbox', () => {
	test('are remembered, so that none is obeyed twice', () => {
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

	test('is open until it is finished', () => {
		expect(fold([begun]).delivery).toMatchObject({done: false, files: []});
		expect(fold([begun, ended]).delivery).toMatchObject({done: true, files: ['a'], undone: false});
	});

	test('is undone only when nothing had to be kept', () => {
		const undo = (kept: string[]): RunEventBody => ({type: 'undo-finished', files: ['a'], kept});
		expect(fold([begun, ended, undo([])]).delivery?.undone).toBe(true);
		expect(fold([begun, ended, undo(['b'])]).delivery).toMatchObject({undone: false, kept: ['b']});
	});

	test('that was undone stands in the closing line, which offers it no more', () => {
		const undo = (kept: string[]): RunEventBody => ({type: 'undo-finished', files: ['a'], kept});
		const report = {...sampleReport, reason: 'done', next: 'llm-orchestrator undo r1'};
		const events: readonly RunEventBody[] = [begun, ended, {type: 'run-finished', report}];
		expect(fold(events).report).toEqual(report);
		const {next: _, ...rest} = report;
		const whole = {...rest, reason: 'done; its change was undone'};
		expect(fold([...events, undo([])]).report).toEqual(whole);
		const part = fold([...events, undo(['b', 'c'])]);
		expect(part.report).toEqual({
			...report,
			reason: 'done; its change was undone, except b, c (changed since)',
		});
		expect(fold([...events, undo(['b']), undo([])]).report).toEqual(whole);
	});
});

function deepFreeze<Value>(value: Value): Value {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const field of Object.values(value)) {
			deepFreeze(field);
		}
	}

	return value;
}
