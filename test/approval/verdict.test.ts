import {expect, test} from 'vitest';
import {verdictOf} from '../../source/approval/verdict.ts';

test('any failure fails and is told before the warnings, else any warning warns', () => {
	const reasons = {failures: ['bad'], warnings: ['odd'], passed: 'good'};
	expect(verdictOf('x', reasons)).toEqual({
		criterion: 'x',
		result: 'fail',
		reasons: ['bad', 'odd'],
	});
	expect(verdictOf('x', {...reasons, failures: []})).toEqual({
		criterion: 'x',
		result: 'warn',
		reasons: ['odd'],
	});
	expect(verdictOf('x', {passed: 'good'})).toEqual({
		criterion: 'x',
		result: 'pass',
		reasons: ['good'],
	});
});
