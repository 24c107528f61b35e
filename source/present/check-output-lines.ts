import {sanitizeLine} from '../core/text.ts';

/**
 * The lines of a check's output that may explain its failure: no blank lines, no test counts.
 * Sanitized.
 */
export function checkOutputLines(output: string): readonly string[] {
	return output
		.split('\n')
		.map(sanitizeLine)
		.filter(line => line !== '' && !isTestSummary(line));
}

/** Counts at the end of a test run (TAP comments, `ℹ` lines). */
function isTestSummary(line: string): boolean {
	return /^(?:# |ℹ |1\.\.\d|\.\.\.$|duration_ms)/.test(line);
}
