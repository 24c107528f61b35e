import type {Verdict} from '../core/approval.ts';

/** Adds reasons up: any failure fails, else any warning warns. `passed` is said when all is well. */
export function verdictOf(
	criterion: string,
	{
		failures = [],
		warnings = [],
		passed,
	}: {
		readonly failures?: readonly string[];
		readonly warnings?: readonly string[];
		readonly passed: string;
	},
): Verdict {
	if (failures.length > 0) {
		return {criterion, result: 'fail', reasons: [...failures, ...warnings]};
	}

	return warnings.length > 0
		? {criterion, result: 'warn', reasons: [...warnings]}
		: {criterion, result: 'pass', reasons: [passed]};
}
