import {refreshEndedRun} from '../../core/refresh-ended-run.ts';
import {summaryLines} from '../../present/summary.ts';
import type {AppEnd} from '../../ui/open-app.tsx';
import {closingLine} from './show-in-lines.ts';
import type {Io} from '../process/io.ts';
import {reportViewFailure} from './report-view-failure.ts';

/**
 * After the view is closed: stops the runs of this process so that they can be resumed, and prints
 * their summaries and any error of the view. Returns the exit code.
 */
export async function summarizeRuns({own, problem}: AppEnd, io: Io): Promise<number> {
	for (const run of own) {
		run.stop('interrupted', 'the program ended');
	}

	for (const run of own) {
		const closing = await run.done;
		// The delivered change may have been undone since.
		await refreshEndedRun(run).catch(() => undefined);
		const state = run.state();
		const report = state.report ?? closing;
		for (const line of summaryLines(report, state, Math.min(io.columns(), 120))) {
			io.print(line);
		}

		io.printError(closingLine(report, run.id));
	}

	return reportViewFailure(problem, io);
}
