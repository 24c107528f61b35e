import {describe, expect, test} from 'vitest';
import type {Condition} from '../../source/core/plan.ts';
import type {SubtaskState} from '../../source/core/run-state-entries.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {linesOf, stateOf} from './detail-lines.ts';

describe('the details of a subtask', () => {
	test.each<[Condition, Partial<SubtaskState>, string]>([
		['success', {status: 'failed'}, 'first must succeed: not met: "first" failed'],
		['failure', {status: 'failed'}, 'first must fail: met'],
		['failure', {status: 'completed'}, 'first must fail: not met: "first" completed'],
		['completion', {status: 'failed'}, 'first must end: met'],
		['completion', {status: 'ready'}, 'first must end: not yet (ready)'],
		[
			{output: 'count', equals: 3},
			{status: 'completed', outputs: {count: 3}},
			'first must succeed with count = 3: met',
		],
		[
			{output: 'count', exists: true},
			{status: 'completed'},
			'first must succeed with count: not met: output "count" of "first" is missing',
		],
	])('tell whether a dependency on %o holds', (when, first, line) => {
		const pair = planOf({
			subtasks: [
				subtask('first', {outputs: ['count']}),
				subtask('second', {dependsOn: [{subtask: 'first', when}]}),
			],
		});
		expect(linesOf(stateOf(pair, {first}), 'second', 100)).toContain(`  ${line}`);
	});

	test('tell that one dependency is enough', () => {
		const any = planOf({
			subtasks: [subtask('a'), subtask('b'), subtask('c', {join: 'any', dependsOn: ['a', 'b']})],
		});
		expect(linesOf(stateOf(any, {}), 'c')).toContain('Depends on any of');
	});
});
