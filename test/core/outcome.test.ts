import {describe, expect, test} from 'vitest';
import {handledFailures, planOutcome} from '../../source/core/outcome.ts';
import {emptyRunState, pendingSubtask, type RunState} from '../../source/core/run-state.ts';
import type {SubtaskState} from '../../source/core/run-state-entries.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

const plan = planOf({
	subtasks: [
		subtask('tests'),
		subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
		subtask('tidy', {dependsOn: [{subtask: 'tests', when: 'completion'}]}),
	],
});

describe('a plan', () => {
	test.each([
		['completed', 'skipped', 'completed'],
		['failed', 'completed', 'completed'],
		['skipped', 'skipped', 'skipped'],
	] as const)('is completed: tests %s, repair %s, tidy %s', (...statuses) => {
		expect(planOutcome(plan, stateOf(statuses))).toEqual({kind: 'completed'});
	});

	test('is failed when a failure was not repaired, and names it with its reason', () => {
		const state = stateOf(['failed', 'failed', 'completed']);
		change(state, 'tests', {failure: {kind: 'check-failed', message: '3 tests are red'}});
		expect(planOutcome(plan, state)).toEqual({
			kind: 'failed',
			reason: 'not done: tests (3 tests are red); repair (failed)',
		});
	});

	test('that failed says what helps, if the failure does', () => {
		const state = stateOf(['failed', 'failed', 'completed']);
		change(state, 'repair', {
			failure: {kind: 'bad-request', message: 'refused', hint: 'start llama-server with --jinja'},
		});
		expect(planOutcome(plan, state)).toMatchObject({hint: 'start llama-server with --jinja'});
	});

	test('is not saved by work that goes on whether or not something failed', () => {
		expect(planOutcome(plan, stateOf(['failed', 'skipped', 'completed']))).toEqual({
			kind: 'failed',
			reason: 'not done: tests (failed)',
		});
	});

	test('is failed when a subtask was cancelled', () => {
		const state = stateOf(['completed', 'skipped', 'cancelled']);
		change(state, 'tidy', {reason: 'by you'});
		expect(planOutcome(plan, state)).toEqual({kind: 'failed', reason: 'not done: tidy (by you)'});
	});

	test.each(['pending', 'ready', 'running', 'awaiting-approval', 'verifying', 'merging'] as const)(
		'is open while a subtask is %s',
		status => {
			expect(planOutcome(plan, stateOf(['failed', status, 'completed']))).toEqual({
				kind: 'open',
				subtasks: ['repair'],
			});
		},
	);

	test('is open when a subtask was not seen yet', () => {
		expect(planOutcome(plan, emptyRunState())).toEqual({
			kind: 'open',
			subtasks: ['tests', 'repair', 'tidy'],
		});
	});
});

test('a failure is handled only by a completed subtask that depended on it', () => {
	expect(handledFailures(plan, stateOf(['failed', 'completed', 'completed']))).toEqual(
		new Set(['tests']),
	);
	expect(handledFailures(plan, stateOf(['failed', 'running', 'completed']))).toEqual(new Set());
	expect(handledFailures(plan, stateOf(['completed', 'completed', 'completed']))).toEqual(
		new Set(),
	);
});

function stateOf(statuses: readonly SubtaskState['status'][]): RunState {
	const state = emptyRunState();
	for (const [index, {id}] of plan.subtasks.entries()) {
		change(state, id, {status: statuses[index] ?? 'pending'});
	}

	return state;
}

function change(state: RunState, id: string, fields: Partial<SubtaskState>): void {
	state.subtasks.set(id, {...(state.subtasks.get(id) ?? pendingSubtask(id)), ...fields});
}
