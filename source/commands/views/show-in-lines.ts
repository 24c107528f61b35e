import type {ReadBlob} from '../../core/payload.ts';
import type {RunReport} from '../../core/run-report.ts';
import {signalExitCodes} from '../../core/signal-exit-codes.ts';
import type {OwnedRun} from '../../core/run.ts';
import {lastLine} from '../../present/summary.ts';
import {createBarReporter} from '../../reporters/bar.ts';
import {createInlineReporter} from '../../reporters/inline.ts';
import type {Output, Reporter} from '../../reporters/reporter.ts';
import type {FlagValues} from '../argv/command.ts';
import type {ShowOptions, StartRun} from './show-options.ts';
import type {Io} from '../process/io.ts';
import {promptForApprovals} from './approval-prompt.ts';
import {createJsonLines} from './json-lines.ts';
import {createPromptedOutput} from './prompted-output.ts';
import {attendance} from '../argv/run-flags.ts';
import type {UiMode} from '../argv/ui-mode.ts';

/** Shows a run in lines, as a bar or as JSON until it ends. Returns the exit code. */
export async function showInLines(
	start: StartRun,
	{mode, flags}: ShowOptions,
	io: Io,
): Promise<number> {
	const outputClosed = Promise.withResolvers<string>();
	const output = createPromptedOutput(io.openOutput(outputClosed.resolve, mode !== 'json'));
	const started = Promise.withResolvers<OwnedRun>();
	const read: ReadBlob = async blob => (await started.promise).read({blob, bytes: 0});
	const {reporter, tick} = reporterFor(mode, {flags, read}, output, io);
	const clock = tick && setInterval(tick, barRefreshMs).unref();
	const ending = Promise.withResolvers<Parameters<OwnedRun['stop']>>();
	const stopSignals = stopOnSignals(ending.resolve, io);
	void outputClosed.promise.then(reason => {
		ending.resolve(['interrupted', reason]);
	});
	const run = await start((event, state) => {
		reporter.event(event, state);
	}).catch((error: unknown) => {
		stopSignals();
		throw error;
	});
	started.resolve(run);
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

/** How often the bar is refreshed without events, in ms. */
const barRefreshMs = 250;

/** Reports a run in lines until it ends, prompting when someone can answer. Returns the exit code. */
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
	io.printError(closingLine(report, run.id));
	return report.exitCode;
}

function reporterFor(
	mode: UiMode,
	{flags, read}: {readonly flags: FlagValues; readonly read: ReadBlob},
	output: Output,
	io: Io,
): {readonly reporter: Reporter; readonly tick?: () => void} {
	switch (mode) {
		case 'json':
			return {reporter: createJsonLines(output, flags, read)};
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
 * The first signal stops the run so that it can be resumed; a second one exits immediately. A second
 * SIGHUP does not: when a terminal closes, the shell and then the kernel send it.
 */
export function stopOnSignals(
	stop: (reason: Parameters<OwnedRun['stop']>) => void,
	io: Io,
): () => void {
	let wasSignalled = false;
	return io.onSignal(signal => {
		if (wasSignalled && signal === 'SIGHUP') {
			return;
		}

		if (wasSignalled) {
			io.exitNow(signalExitCodes[signal]);
			return;
		}

		wasSignalled = true;
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
