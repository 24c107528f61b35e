import {describe, expect, test} from 'vitest';
import {planReopening} from '../../source/core/reopen.ts';
import type {Plan} from '../../source/core/plan.ts';
import {emptyRunState, pendingSubtask, type RunState} from '../../source/core/run-state.ts';
import type {SubtaskState, SubtaskStatus} from '../../source/core/run-state-entries.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

const line = planOf({
	subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']}), subtask('c', {dependsOn: ['b']})],
});
const repairing = planOf({
	subtasks: [
		subtask('tests'),
		subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
		subtask('go-on', {dependsOn: ['tests', 'repair'], join: 'any'}),
	],
});

describe('trying a subtask again', () => {
	test('opens it, and what was skipped because of it, and so on down', () => {
		expect(reopened(line, {a: 'failed', b: 'skipped', c: 'skipped'}, 'a')).toEqual(['a', 'b', 'c']);
		expect(reopened(line, {a: 'completed', b: 'cancelled', c: 'skipped'}, 'b')).toEqual(['b', 'c']);
	});

	test('opens what kept it from starting, and so on up', () => {
		expect(reopened(line, {a: 'failed', b: 'skipped', c: 'skipped'}, 'c')).toEqual(['a', 'b', 'c']);
		expect(reopened(line, {a: 'completed', b: 'cancelled', c: 'skipped'}, 'c')).toEqual(['b', 'c']);
	});

	test('leaves what did not start for another reason as it is', () => {
		const plan = planOf({
			subtasks: [
				subtask('a'),
				subtask('other'),
				subtask('both', {dependsOn: ['a', 'other']}),
				subtask('either', {dependsOn: ['a', 'other'], join: 'any'}),
				subtask('last', {dependsOn: ['other']}),
			],
		});
		const lost = {
			a: 'failed',
			other: 'failed',
			both: 'skipped',
			either: 'skipped',
			last: 'skipped',
		} as const;
		expect(reopened(plan, lost, 'a')).toEqual(['a', 'either']);
		expect(reopened(plan, lost, 'both')).toEqual(['a', 'other', 'both', 'either', 'last']);
	});

	test('leaves what was cancelled behind it to the person', () => {
		expect(reopened(line, {a: 'failed', b: 'cancelled', c: 'skipped'}, 'a')).toEqual(['a']);
	});

	test('leaves a failed dependency alone that was not needed', () => {
		expect(
			reopened(repairing, {tests: 'failed', repair: 'completed', 'go-on': 'failed'}, 'go-on'),
		).toEqual(['go-on']);
	});

	test('is refused for what is completed, what is not over, and what is not there', () => {
		expect(refused(line, {a: 'completed'}, 'a')).toContain('a is completed');
		expect(refused(line, {a: 'running'}, 'a')).toContain('a is running');
		expect(refused(line, {}, 'b')).toContain('b is pending');
		expect(refused(line, {}, 'x')).toBe('unknown subtask "x"; the plan has: a, b, c');
	});

	test('is refused for what has no reason to run', () => {
		const done = {tests: 'completed', repair: 'skipped', 'go-on': 'completed'} as const;
		expect(refused(repairing, done, 'repair')).toBe('repair cannot start: "tests" completed');
	});

	test('is refused while what began for one of several reasons has no other', () => {
		const plan = planOf({
			subtasks: [
				subtask('tests'),
				subtask('other'),
				subtask('either', {
					dependsOn: [{subtask: 'tests', when: 'failure'}, 'other'],
					join: 'any',
				}),
			],
		});
		const alone = {tests: 'failed', other: 'failed', either: 'running'} as const;
		expect(refused(plan, alone, 'tests')).toContain('either is in progress');
		expect(reopened(plan, {...alone, other: 'completed'}, 'tests')).toEqual(['tests']);
		expect(reopened(plan, alone, 'other')).toEqual(['other']);
	});

	test('leaves what was skipped for something else that is still so, and what it has nothing to do with', () => {
		const plan = planOf({
			subtasks: [subtask('a'), subtask('x'), subtask('y', {dependsOn: ['x']}), subtask('z')],
		});
		const lost = {a: 'failed', x: 'failed', y: 'skipped', z: 'running'} as const;
		expect(reopened(plan, lost, 'a')).toEqual(['a']);
	});

	test('is refused while something works on its failure', () => {
		const repair = {tests: 'failed', repair: 'running', 'go-on': 'pending'} as const;
		expect(refused(repairing, repair, 'tests')).toContain('repair is in progress');
		const failedOnce = {repair: {status: 'ready', failedAttempts: 1}} as const;
		expect(refused(repairing, {tests: 'failed'}, 'tests', failedOnce)).toContain('repair');
		const waits = {tests: 'failed', repair: 'ready', 'go-on': 'pending'} as const;
		expect(reopened(repairing, waits, 'tests')).toEqual(['tests']);
		const handled = {tests: 'failed', repair: 'completed', 'go-on': 'running'} as const;
		expect(reopened(repairing, handled, 'tests')).toEqual(['tests']);
	});
});

type Statuses = Readonly<Record<string, SubtaskStatus>>;

function reopened(plan: Plan, statuses: Statuses, id: string): readonly string[] {
	const reopening = planReopening(id, plan, stateOf(plan, statuses));
	return reopening.ok ? reopening.subtasks : [reopening.reason];
}

function refused(
	plan: Plan,
	statuses: Statuses,
	id: string,
	more: Readonly<Record<string, Partial<SubtaskState>>> = {},
): string {
	const reopening = planReopening(id, plan, stateOf(plan, statuses, more));
	return reopening.ok ? `opened: ${reopening.subtasks.join(', ')}` : reopening.reason;
}

function stateOf(
	plan: Plan,
	statuses: Statuses,
	more: Readonly<Record<string, Partial<SubtaskState>>> = {},
): RunState {
	const state = emptyRunState();
	for (const {id} of plan.subtasks) {
		const status = statuses[id] ?? 'pending';
		state.subtasks.set(id, {...pendingSubtask(id), status, ...more[id]});
	}

	return state;
}
