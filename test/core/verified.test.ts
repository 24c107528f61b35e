import {expect, test} from 'vitest';
import {emptyRunState, pendingSubtask} from '../../source/core/run-state.ts';
import type {CheckState, SubtaskStatus} from '../../source/core/run-state-entries.ts';
import {isUnverified, isVerified} from '../../source/core/verified.ts';

const check = (passed?: boolean): CheckState => ({
	name: 'test',
	command: 'test',
	exitCode: null,
	durationMs: 1,
	output: '',
	...(passed === undefined ? {} : {passed}),
});

function stateOf(
	status: SubtaskStatus,
	ofSubtask: readonly CheckState[],
	final: readonly CheckState[] = [],
) {
	const state = emptyRunState();
	state.subtasks.set('a', {...pendingSubtask('a'), status, checks: ofSubtask});
	for (const each of final) {
		state.finalChecks.set(each.name, each);
	}

	state.status = 'completed';
	return state;
}

test.each([
	['no check at all', stateOf('completed', []), false],
	['a passed check of a completed subtask', stateOf('completed', [check(true)]), true],
	['a passed check of the result', stateOf('completed', [], [check(true)]), true],
	['a check that did not run', stateOf('completed', [check()]), false],
	['a check of work that failed in the end', stateOf('failed', [check(true)]), false],
])('with %s', (_, state, verified) => {
	expect(isVerified(state)).toBe(verified);
	expect(isUnverified(state)).toBe(!verified);
});

test('a run that has not completed is not called unverified', () => {
	expect(isUnverified(emptyRunState())).toBe(false);
});
