import {finalChecks} from '../core/final-checks.ts';
import type {DeliverOptions} from './deliver.ts';
import {runChecks} from './run-checks.ts';
import {RunEnd} from './run-end.ts';

/** Runs the final checks on the merged result; returns the end of the run if one is red. */
export async function runFinalChecks(options: DeliverOptions): Promise<RunEnd | undefined> {
	const {recorder, parts} = options;
	const {state} = recorder;
	// Checks that passed on this result in an earlier process are not run again.
	const checks = finalChecks(state).filter(
		({name}) => state.finalChecks.get(name)?.passed !== true,
	);
	if (checks.length === 0 || state.delivery?.done === true) {
		return undefined;
	}

	const {directory} = await parts.workspace.open('final', await parts.workspace.head());
	try {
		const results = await runChecks(checks, {
			sandbox: parts.sandbox,
			directory,
			timeoutMs: recorder.settings().commandTimeoutMs,
			clock: parts.clock,
			session: options.checkSession,
			place: 'whole',
		});
		const red = results.filter(({passed}) => !passed);
		const names = red.map(({command, ending}) => `\`${command}\` (${ending})`).join(', ');
		return red.length === 0 ? undefined : new RunEnd('failed', `the merged result fails ${names}`);
	} finally {
		await parts.workspace.remove('final').catch(() => undefined);
	}
}
