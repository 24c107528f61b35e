import {expect, test} from 'vitest';
import {judgePlan} from '../../source/approval/criteria.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {factsOf} from './facts.ts';

test('a plan is judged by all criteria, always in the same order', () => {
	const plan = planOf({
		subtasks: [
			subtask('a', {writes: ['src'], checks: ['sudo make']}),
			subtask('b', {writes: ['src']}),
		],
	});
	const verdicts = judgePlan(plan, factsOf({maxTokens: 1}, {canRun: () => true}));
	expect(verdicts.map(({criterion, result}) => `${criterion} ${result}`)).toEqual([
		'tests warn',
		'security fail',
		'cost fail',
		'scope warn',
	]);
});
