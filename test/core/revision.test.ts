import {expect, test} from 'vitest';
import {revisionProblems} from '../../source/core/revision.ts';
import {emptyRunState, pendingSubtask, type RunState} from '../../source/core/run-state.ts';
import type {SubtaskState} from '../../source/core/run-state-entries.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

const before = planOf({
	subtasks: [
		subtask('done', {checks: ['make']}),
		subtask('lost'),
		subtask('begun'),
		subtask('skipped'),
		subtask('new'),
	],
});

function stateWith(more: Readonly<Record<string, Partial<SubtaskState>>> = {}): RunState {
	const state = emptyRunState();
	state.plan = {
		revision: 1,
		hash: 'x',
		plan: before,
		origin: 'lead',
		verdicts: [],
		approved: true,
	};
	const subtasks: Readonly<Record<string, Partial<SubtaskState>>> = {
		done: {status: 'completed', attempt: 1},
		lost: {status: 'failed', attempt: 2},
		begun: {status: 'ready', attempt: 1},
		skipped: {status: 'skipped'},
		new: {status: 'pending'},
		...more,
	};
	for (const [id, fields] of Object.entries(subtasks)) {
		state.subtasks.set(id, {...pendingSubtask(id), ...fields});
	}

	return state;
}

test.each([
	['with all as it was', before.subtasks],
	['without what was not finished', [before.subtasks[0], before.subtasks[1]]],
	[
		'with what was not begun changed',
		[
			before.subtasks[0],
			before.subtasks[1],
			subtask('new', {instructions: 'x'}),
			subtask('skipped', {dependsOn: ['done']}),
		],
	],
	[
		'in another order, with more',
		[...before.subtasks.toReversed(), subtask('x', {dependsOn: ['done']})],
	],
])('a revision may come %s', (_, subtasks) => {
	expect(revisionProblems(planOf({subtasks}), stateWith())).toEqual([]);
});

test('a revision keeps what is finished, as it was, and uses no id for something else', () => {
	const next = planOf({
		subtasks: [
			subtask('begun', {title: 'another'}),
			subtask('done', {checks: []}),
			subtask('gone'),
		],
	});
	const state = stateWith({gone: {status: 'cancelled', attempt: 1}});
	expect(revisionProblems(next, state)).toEqual([
		{
			path: 'subtasks[1]',
			message:
				'"done" is completed, so it has to stay exactly as it was; what is to be done now needs a subtask of its own',
		},
		{path: 'subtasks', message: '"lost" is failed, so it has to stay'},
		{
			path: 'subtasks[0]',
			message:
				'"begun" was begun: keep it exactly as it was, or leave it out and give the new subtask another id',
		},
		{path: 'subtasks[2]', message: expect.stringContaining('"gone" was begun')},
	]);
});

test('before any work is done a revision may be anything', () => {
	expect(revisionProblems(planOf({subtasks: [subtask('x')]}), emptyRunState())).toEqual([]);
});
