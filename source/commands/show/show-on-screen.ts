import {exitCodes} from '../../core/run-report.ts';
import {createInlineReporter} from '../../reporters/inline.ts';
import type {OwnedRun} from '../../engine/launch.ts';
import {createActions} from '../services/actions.ts';
import {closingLine, obeySignals, reportRun} from './show-in-lines.ts';
import type {ConductOptions, Start} from './show-options.ts';
import {requireSplitView, showInTmux} from './show-in-tmux.ts';
import type {Io} from '../process/io.ts';
import type {OpenedStore} from '../services/open-store.ts';
import {createPromptedOutput} from './prompted-output.ts';
import {createRunCatalog} from '../services/run-catalog.ts';
import {showScreen} from './open-screen.ts';
import {tellProblem} from './report-view-failure.ts';

/**
 * Shows a run full-screen until the person leaves, then tells on the normal screen how it ended. When
 * the view breaks, the run goes on in lines.
 */
export async function conductOnScreen(
	start: Start,
	{mode}: ConductOptions,
	opened: OpenedStore,
	io: Io,
): Promise<number> {
	const leave = new AbortController();
	const actions = createActions(opened, io);
	const services = async () => ({actions, catalog: createRunCatalog(opened.store)});
	const ending = Promise.withResolvers<Parameters<OwnedRun['stop']>>();
	const stopSignals = obeySignals(reason => {
		ending.resolve(reason);
		leave.abort();
	}, io);
	try {
		const split = mode === 'tmux' || mode === 'iterm2' ? mode : undefined;
		if (split) {
			await requireSplitView(split, io);
		}

		const run = await start().catch((error: unknown) => {
			// Ctrl+C is heard by all that was started, too.
			if (!leave.signal.aborted) {
				throw error;
			}
		});
		if (!run) {
			const [outcome, reason] = await ending.promise;
			io.complain(`${outcome}: ${reason} before the run began`);
			return exitCodes[outcome];
		}

		void ending.promise.then(reason => {
			run.stop(...reason);
		});
		if (split && !io.environment['TMUX']) {
			await showInTmux(run, {control: split === 'iterm2'}, io);
			return await tellEnd(run, {prompts: io.interactive}, io);
		}

		if (split) {
			await actions.togglePanes(run).catch((error: unknown) => {
				io.complain(error instanceof Error ? error.message : String(error));
			});
		}

		const end = await showScreen(
			{screen: 'run', run: {kind: 'own', run}},
			{services, signal: leave.signal},
			io,
		);
		// Resumed in its view it is another one, of the same id.
		const shown = end.own.find(({id}) => id === run.id) ?? run;
		void ending.promise.then(reason => {
			shown.stop(...reason);
		});
		const isBroken = tellProblem(end.problem, io) !== 0;
		if (isBroken && !shown.state().report) {
			io.complain('The run goes on in lines.');
		}

		return await tellEnd(shown, {prompts: isBroken && io.interactive}, io);
	} finally {
		await actions.close();
		stopSignals();
	}
}

/** The rest of a run in lines (nothing, when it is over), and its summary. */
async function tellEnd(
	run: OwnedRun,
	{prompts}: {readonly prompts: boolean},
	io: Io,
): Promise<number> {
	const output = createPromptedOutput(io.openOutput(() => undefined));
	const reporter = createInlineReporter(output, io.paint, io.columns);
	const {report} = run.state();
	if (report) {
		await reporter.end(report, run.state());
		io.complain(closingLine(report, run.id));
		return report.exitCode;
	}

	run.subscribe((event, state) => {
		reporter.event(event, state);
	});
	return reportRun(run, reporter, output, {prompts}, io);
}
