import {sanitizeLine} from '../core/text.ts';

/** The lines of a check's output that may say why it is red: without blank ones and tallies. Sanitized. */
export function tellingLines(output: string): readonly string[] {
	return output
		.split('\n')
		.map(sanitizeLine)
		.filter(line => line !== '' && !isTally(line));
}

/** The counts at the end of a test run (TAP comments, `ℹ` lines), which say nothing of the reason. */
function isTally(line: string): boolean {
	return /^(?:# |ℹ |1\.\.\d|\.\.\.$|duration_ms)/.test(line);
}
