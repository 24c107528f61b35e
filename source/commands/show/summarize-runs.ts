import {refreshEndedRun} from '../../core/refresh-ended-run.ts';
import {summaryLines} from '../../present/summary.ts';
import type {AppEnd} from '../../ui/open-app.tsx';
import {closingLine} from './show-in-lines.ts';
import type {Io} from '../process/io.ts';
import {tellProblem} from './report-view-failure.ts';

/**
 * After the screen was left: stops the runs of this process so that they can be resumed, and tells how
 * they ended, and what broke. Returns the exit code.
 */
export async function tellRuns({own, problem}: AppEnd, io: Io): Promise<number> {
	for (const run of own) {
		run.stop('interrupted', 'the program ended');
	}

	for (const run of own) {
		const closing = await run.done;
		// What was delivered may have been taken back since.
		await refreshEndedRun(run).catch(() => undefined);
		const state = run.state();
		const report = state.report ?? closing;
		for (const line of summaryLines(report, state, Math.min(io.columns(), 120))) {
			io.print(line);
		}

		io.complain(closingLine(report, run.id));
	}

	return tellProblem(problem, io);
}
