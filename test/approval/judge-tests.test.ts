import {describe, expect, test} from 'vitest';
import {judgeTests} from '../../source/approval/judge-tests.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {factsOf} from './facts.ts';

const checked = planOf({
	subtasks: [subtask('a', {checks: ['npm test']})],
	checks: ['npm run lint'],
});
const unchecked = planOf({
	subtasks: [subtask('a', {checks: ['npm test']}), subtask('b'), subtask('c')],
});
const nothingChecked = planOf({subtasks: [subtask('a')]});

describe('the tests of a plan', () => {
	test('pass when every check can run', () => {
		expect(judgeTests(checked, factsOf({checks: ['make']}))).toEqual({
			criterion: 'tests',
			result: 'pass',
			reasons: ['3 checks, all can run'],
		});
	});

	test('fail when nothing is checked at all, and say what a person can do', () => {
		expect(judgeTests(nothingChecked, factsOf({unverified: 'block'}))).toEqual({
			criterion: 'tests',
			result: 'fail',
			reasons: ['nothing is checked: there are no checks of subtasks or of the result'],
			hint: 'give a check with --check, or accept it with --unverified allow',
		});
	});

	test('warn when nothing is checked at all, where the person accepts that', () => {
		expect(judgeTests(nothingChecked, factsOf({unverified: 'allow'}))).toEqual({
			criterion: 'tests',
			result: 'warn',
			reasons: ['nothing is checked: there are no checks of subtasks or of the result'],
		});
	});

	test('warn of subtasks without a check, unless the whole is checked', () => {
		expect(judgeTests(unchecked, factsOf())).toMatchObject({
			result: 'warn',
			reasons: ['without a check: b, c'],
		});
		expect(judgeTests(unchecked, factsOf({checks: ['npm test']})).result).toBe('pass');
	});

	test('fail when a program is missing, wherever its check stands, and name all of them', () => {
		const facts = factsOf({checks: ['pytest -q']}, {canRun: () => false});
		expect(judgeTests(checked, facts)).toEqual({
			criterion: 'tests',
			result: 'fail',
			reasons: [
				'check of a: `npm test` cannot run: "npm" is not installed',
				'final check: `npm run lint` cannot run: "npm" is not installed',
				'your --check: `pytest -q` cannot run: "pytest" is not installed',
			],
		});
	});
});
