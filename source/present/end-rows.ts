import type {RunState} from '../core/run-state.ts';
import type {Row} from './text/row.ts';
import {lastLine, summaryLines} from './summary.ts';
import {textRows} from './text/wrap-row.ts';

/** How a run ended: why, what to do next, and its summary, in rows of at most `width` columns. */
export function endRows(state: RunState, width: number): readonly Row[] {
	const {report} = state;
	if (!report) {
		return textRows('The run has not ended.', width, 'quiet');
	}

	return [
		...textRows(
			lastLine(report),
			width,
			report.exitCode === 0 && report.verified !== false ? 'good' : 'warning',
		),
		[],
		...summaryLines(report, state, width).flatMap(line => textRows(line, width)),
	];
}
