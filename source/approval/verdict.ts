import type {Verdict} from '../core/approval.ts';

/**
 * Combines reasons: any failure fails, otherwise any warning warns; `passed` is the reason if there
 * are none, and `hint` belongs to a failure.
 */
export function verdictOf(
	criterion: string,
	{
		failures = [],
		warnings = [],
		passed,
		hint,
	}: {
		readonly failures?: readonly string[];
		readonly warnings?: readonly string[];
		readonly passed: string;
		readonly hint?: string | undefined;
	},
): Verdict {
	if (failures.length > 0) {
		const reasons = [...failures, ...warnings];
		return {criterion, result: 'fail', reasons, ...(hint === undefined ? {} : {hint})};
	}

	return warnings.length > 0
		? {criterion, result: 'warn', reasons: [...warnings]}
		: {criterion, result: 'pass', reasons: [passed]};
}
