import {exitCodes} from '../../core/run-report.ts';
import {createInlineReporter} from '../../reporters/inline.ts';
import type {OwnedRun} from '../../core/run.ts';
import {createViewServices} from '../services/view-services.ts';
import {closingLine, stopOnSignals, reportRun} from './show-in-lines.ts';
import type {ShowOptions, StartRun} from './show-options.ts';
import {requireSplitView, showInTmux} from './show-in-tmux.ts';
import type {Io} from '../process/io.ts';
import type {OpenedStore} from '../services/open-store.ts';
import {createPromptedOutput} from './prompted-output.ts';
import {showScreen} from './open-screen.ts';
import {reportViewFailure} from './report-view-failure.ts';

/**
 * Shows a run full-screen until the user leaves, then prints its summary on the normal screen. If the
 * view breaks, the run continues in lines.
 */
export async function showOnScreen(
	start: StartRun,
	{mode}: ShowOptions,
	opened: OpenedStore,
	io: Io,
): Promise<number> {
	const leave = new AbortController();
	const view = createViewServices(opened, io);
	const services = async () => view;
	const ending = Promise.withResolvers<Parameters<OwnedRun['stop']>>();
	const stopSignals = stopOnSignals(reason => {
		ending.resolve(reason);
		leave.abort();
	}, io);
	try {
		const split = mode === 'tmux' || mode === 'iterm2' ? mode : undefined;
		if (split) {
			await requireSplitView(split, io);
		}

		const run = await start().catch((error: unknown) => {
			// Ctrl+C also reaches child processes.
			if (!leave.signal.aborted) {
				throw error;
			}
		});
		if (!run) {
			const [outcome, reason] = await ending.promise;
			io.printError(`${outcome}: ${reason} before the run started`);
			return exitCodes[outcome];
		}

		void ending.promise.then(reason => {
			run.stop(...reason);
		});
		if (split && !io.environment['TMUX']) {
			await showInTmux(run, {control: split === 'iterm2'}, io);
			return await reportEnd(run, {prompts: io.interactive}, io);
		}

		if (split) {
			await view.terminal.togglePanes(run).catch((error: unknown) => {
				io.printError(error instanceof Error ? error.message : String(error));
			});
		}

		const end = await showScreen(
			{screen: 'run', run: {kind: 'own', run}},
			{services, signal: leave.signal},
			io,
		);
		// A run resumed in its view is a new object with the same id.
		const shown = end.own.find(({id}) => id === run.id) ?? run;
		void ending.promise.then(reason => {
			shown.stop(...reason);
		});
		const isBroken = reportViewFailure(end.problem, io) !== 0;
		if (isBroken && !shown.state().report) {
			io.printError('The run continues in lines.');
		}

		return await reportEnd(shown, {prompts: isBroken && io.interactive}, io);
	} finally {
		await view.close();
		stopSignals();
	}
}

/** Reports the rest of a run in lines (if it has not ended), and its summary. */
async function reportEnd(
	run: OwnedRun,
	{prompts}: {readonly prompts: boolean},
	io: Io,
): Promise<number> {
	const output = createPromptedOutput(io.openOutput(() => undefined));
	const reporter = createInlineReporter(output, io.paint, io.columns);
	const {report} = run.state();
	if (report) {
		await reporter.end(report, run.state());
		io.printError(closingLine(report, run.id));
		return report.exitCode;
	}

	run.subscribe((event, state) => {
		reporter.event(event, state);
	});
	return reportRun(run, reporter, output, {prompts}, io);
}
