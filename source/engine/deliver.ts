import {FailureError} from '../core/failure.ts';
import type {CheckSession} from './run-checks.ts';
import type {RunParts} from './run-parts.ts';
import type {Recorder} from './log/recorder.ts';

export type DeliverOptions = {
	readonly recorder: Recorder;
	readonly parts: RunParts;
	readonly checkSession: CheckSession;
};

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
