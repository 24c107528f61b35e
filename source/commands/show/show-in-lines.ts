import type {RunReport} from '../../core/run-report.ts';
import type {OwnedRun} from '../../engine/launch.ts';
import {lastLine} from '../../present/summary.ts';
import {createBarReporter} from '../../reporters/bar.ts';
import {createInlineReporter} from '../../reporters/inline.ts';
import {createJsonReporter} from '../../reporters/json.ts';
import type {Output, Reporter} from '../../reporters/reporter.ts';
import type {FlagValues} from '../argv/command.ts';
import type {ConductOptions, Start} from './show-options.ts';
import {switchFlag} from '../argv/flags.ts';
import type {Io} from '../process/io.ts';
import {promptForApprovals} from './approval-prompt.ts';
import {createPromptedOutput} from './prompted-output.ts';
import {attendance} from '../argv/run-flags.ts';
import type {UiMode} from '../argv/ui-mode.ts';

/** Shows a run in lines, as a bar or as JSON until it ends. Returns the exit code. */
export async function conductInLines(
	start: Start,
	{mode, flags}: ConductOptions,
	io: Io,
): Promise<number> {
	const unread = Promise.withResolvers<string>();
	const output = createPromptedOutput(io.openOutput(unread.resolve, mode !== 'json'));
	const {reporter, tick} = reporterFor(mode, flags, output, io);
	const clock = tick && setInterval(tick, barPauseMs).unref();
	const ending = Promise.withResolvers<Parameters<OwnedRun['stop']>>();
	const stopSignals = obeySignals(ending.resolve, io);
	void unread.promise.then(reason => {
		ending.resolve(['interrupted', reason]);
	});
	const run = await start((event, state) => {
		reporter.event(event, state);
	}).catch((error: unknown) => {
		stopSignals();
		throw error;
	});
	void ending.promise.then(reason => {
		run.stop(...reason);
	});
	try {
		return await reportRun(
			run,
			reporter,
			output,
			{prompts: attendance(flags, io.interactive).prompts},
			io,
		);
	} finally {
		clearInterval(clock);
		stopSignals();
	}
}

/** How often the bar may change while nothing happens, ms. */
const barPauseMs = 250;

/** Follows a run in lines to its end, with questions where somebody can answer. Returns the exit code. */
export async function reportRun(
	run: OwnedRun,
	reporter: Reporter,
	output: ReturnType<typeof createPromptedOutput>,
	{prompts}: {readonly prompts: boolean},
	io: Io,
): Promise<number> {
	run.watch(delta => {
		reporter.delta(delta);
	});
	const stopPrompts = prompts ? promptForApprovals(run, io, output) : () => undefined;
	const report = await run.done;
	stopPrompts();
	await reporter.end(report, run.state());
	io.complain(closingLine(report, run.id));
	return report.exitCode;
}

function reporterFor(
	mode: UiMode,
	flags: FlagValues,
	output: Output,
	io: Io,
): {readonly reporter: Reporter; readonly tick?: () => void} {
	switch (mode) {
		case 'json':
			return {
				reporter: createJsonReporter(output, {includeDeltas: switchFlag(flags, 'includeDeltas')}),
			};
		case 'bar': {
			const bar = createBarReporter(output, {
				paint: io.paint,
				columns: io.columns,
				isTerminal: io.interactive,
			});
			return {reporter: bar, tick: bar.tick};
		}

		case 'tui':
		case 'tmux':
		case 'iterm2':
		case 'inline':
			return {reporter: createInlineReporter(output, io.paint, io.columns)};
	}
}

/**
 * The first signal stops the run so that it can be resumed; a second one ends the program at once, but
 * not SIGHUP: of a terminal that is closed the shell tells, and then the kernel.
 */
export function obeySignals(
	stop: (reason: Parameters<OwnedRun['stop']>) => void,
	io: Io,
): () => void {
	let asked = false;
	return io.onSignal(signal => {
		if (asked && signal === 'SIGHUP') {
			return;
		}

		if (asked) {
			process.exit(signal === 'SIGINT' ? 130 : 143);
		}

		asked = true;
		stop(
			signal === 'SIGINT'
				? ['interrupted', 'stopped by Ctrl+C']
				: ['terminated', `ended by ${signal}`],
		);
	});
}

export function closingLine(report: RunReport, run: string): string {
	return `${run} ${lastLine(report)}`;
}
