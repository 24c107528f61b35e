import type {RunReport} from '../core/run-report.ts';
import type {RunListener} from '../core/run.ts';
import type {OwnedRun} from '../engine/launch.ts';
import {lastLine} from '../present/summary.ts';
import {createInlineReporter} from '../reporters/inline.ts';
import {createJsonReporter} from '../reporters/json.ts';
import type {Reporter} from '../reporters/reporter.ts';
import type {Io} from './io.ts';
import {promptForApprovals} from './prompt.ts';
import {createPromptedOutput} from './prompted-output.ts';

export type ConductOptions = {
	readonly json: boolean;
	readonly includeDeltas: boolean;
	/** Ask approvals by a line on the terminal. */
	readonly prompts: boolean;
};

/**
 * Shows a run that this process owns until it ends: reporter, prompts, signals, last line. Returns
 * the exit code.
 */
export async function conductRun(
	start: (listener: RunListener) => Promise<OwnedRun>,
	options: ConductOptions,
	io: Io,
): Promise<number> {
	const unread = Promise.withResolvers<string>();
	const output = createPromptedOutput(io.openOutput(unread.resolve));
	const reporter: Reporter = options.json
		? createJsonReporter(output, options)
		: createInlineReporter(output, io.paint);
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
	run.watch(delta => {
		reporter.delta(delta);
	});
	const stopPrompts = options.prompts ? promptForApprovals(run, io, output) : () => undefined;
	try {
		const report = await run.done;
		stopPrompts();
		await reporter.end(report, run.state());
		io.complain(closingLine(report, run.id));
		return report.exitCode;
	} finally {
		stopSignals();
	}
}

/** The first signal stops the run so that it can be resumed; a second one ends the program at once. */
function obeySignals(stop: (reason: Parameters<OwnedRun['stop']>) => void, io: Io): () => void {
	let asked = false;
	return io.onSignal(signal => {
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

function closingLine(report: RunReport, run: string): string {
	return `${run} ${lastLine(report)}`;
}
