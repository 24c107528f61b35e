import {describe, expect, test} from 'vitest';
import type {RunState} from '../../source/core/run-state.ts';
import type {CheckState} from '../../source/core/run-state-entries.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {checkOf, linesOf, plan, stateOf} from './detail-lines.ts';

const blob = {blob: 'a'.repeat(64), bytes: 10_000};

describe('the details of a subtask', () => {
	test('tell how checks went, with the last lines of red ones', () => {
		const output = Array.from({length: 40}, (_, index) => `line ${index}`).join('\n');
		const lines = linesOf(stateWithChecks([checkOf(false, 1, `${output}\n\n`)]), 'only');
		expect(lines.slice(lines.indexOf('Checks'))).toEqual([
			'Checks',
			'  $ npm test',
			'    FAILED: exit code 1, 3.2 s',
			'    last 12 lines:',
			...Array.from({length: 12}, (_, index) => `    │ line ${index + 28}`),
		]);
		expect(linesOf(stateWithChecks([checkOf(true, 0, output)]), 'only').slice(-2)).toEqual([
			'  $ npm test',
			'    passed, 3.2 s',
		]);
		expect(linesOf(stateWithChecks([checkOf(undefined, null, '')]), 'only').at(-1)).toBe(
			'    running',
		);
		expect(linesOf(stateWithChecks([checkOf(false, null, 'x')]), 'only').slice(-2)).toEqual([
			'    FAILED: no exit code, 3.2 s',
			'    │ x',
		]);
		expect(linesOf(stateWithChecks([checkOf(false, 1, ' \n')]), 'only').slice(-2)).toEqual([
			'    FAILED: exit code 1, 3.2 s',
			'    no output',
		]);
	});

	test('show a sign for what is not loaded yet', () => {
		const state = stateOf(plan, {
			deps: {status: 'failed', evidence: blob, checks: [checkOf(false, 1, blob)]},
		});
		const lines = linesOf(state, 'deps');
		expect(lines.slice(lines.indexOf('Checks'))).toEqual([
			'Checks',
			'  $ npm test',
			'    FAILED: exit code 1, 3.2 s',
			'    …',
			'',
			'Last failed attempt',
			'  …',
		]);
		expect(
			linesOf(state, 'deps', 80, () => 'loaded').filter(line => line.includes('loaded')),
		).toEqual(['    │ loaded', '  loaded']);
	});
});

function stateWithChecks(checks: readonly CheckState[]): RunState {
	return stateOf(planOf({subtasks: [subtask('only', {checks: ['npm test']})]}), {
		only: {status: 'failed', checks},
	});
}
