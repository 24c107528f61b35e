import type {Verdict} from '../core/approval.ts';

/**
 * Combines reasons: any failure fails, otherwise any warning warns; `passed` is the reason if there
 * are none.
 */
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
