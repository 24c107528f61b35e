import {FailureError} from '../core/failure.ts';
import {finalChecks} from '../core/final-checks.ts';
import {runChecks, type CheckSession} from './run-checks.ts';
import type {RunParts} from './run-parts.ts';
import type {Recorder} from './log/recorder.ts';
import {RunEnd} from './run-end.ts';

export type DeliverOptions = {
	readonly recorder: Recorder;
	readonly parts: RunParts;
	readonly checkSession: CheckSession;
};

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

/** Delivers the merged change to the directory, or to a branch or patch; resumes after a crash. */
export async function deliverChange({recorder, parts}: DeliverOptions): Promise<void> {
	const {state} = recorder;
	const {workspace} = parts;
	const base = state.workspace?.base;
	if (base === undefined || state.delivery?.done === true) {
		return;
	}

	const head = await workspace.head();
	const begin = async () => {
		const {mode, paths, reason} = await workspace.planDelivery(base, head);
		recorder.emit({
			type: 'delivery-started',
			mode,
			head,
			paths: [...paths],
			...(reason === undefined ? {} : {reason}),
		});
	};
	const deliverNow = async () => {
		await recorder.barrier();
		const {mode = 'apply', paths = [], reason} = state.delivery ?? {};
		return workspace.deliver(base, head, {mode, paths, reason});
	};
	if (state.delivery?.head !== head) {
		await begin();
	}

	const delivered = await deliverNow().catch(async (error: unknown) => {
		// A file changed since the intent was logged: deliver to a branch or patch instead.
		if (error instanceof FailureError && error.kind === 'merge-conflict') {
			await begin();
			return deliverNow();
		}

		throw error;
	});
	recorder.emit({
		type: 'delivery-finished',
		mode: delivered.mode,
		files: [...delivered.files],
		...(delivered.target === undefined ? {} : {target: delivered.target}),
	});
	await recorder.barrier();
}
