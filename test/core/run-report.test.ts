import {expect, test} from 'vitest';
import {
	exitCodes,
	lockedExitCode,
	isFinishing,
	runOutcomes,
	usageExitCode,
} from '../../source/core/run-report.ts';

test('exit codes are the ones that scripts rely on', () => {
	expect({...exitCodes, usage: usageExitCode, held: lockedExitCode}).toEqual({
		completed: 0,
		planned: 0,
		failed: 1,
		usage: 2,
		rejected: 3,
		'no-provider': 4,
		'limit-reached': 5,
		undecided: 6,
		held: 7,
		'store-failed': 8,
		cancelled: 9,
		interrupted: 130,
		terminated: 143,
	});
});

test('four outcomes finish a run; after all others it can be resumed', () => {
	expect(runOutcomes.filter(isFinishing)).toEqual(['completed', 'failed', 'rejected', 'cancelled']);
});
