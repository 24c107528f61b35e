import type {Clock} from '../core/clock.ts';
import type {Redact} from '../core/redact.ts';
import type {RunState} from '../core/run-state.ts';
import type {Store} from '../store/store.ts';
import type {Undone, Workspace} from '../workspace/workspace.ts';
import {createRecorder} from './log/recorder.ts';

export type UndoResult =
	({readonly kind: 'undone'} & Undone) | {readonly kind: 'nothing'; readonly reason: string};

/**
 * Undoes a delivered change, logging intent and result. Call it again after a crash to continue. Rejects
 * with the store's errors, for example if another process owns the run.
 */
export async function undoDelivery(
	run: string,
	options: {
		readonly store: Store;
		readonly clock: Clock;
		readonly redact: Redact;
		readonly openWorkspace: (state: RunState) => Promise<Workspace>;
	},
): Promise<UndoResult> {
	const {log, events} = await options.store.open(run, {takeOver: false});
	try {
		const recorder = await createRecorder({...options, log, events});
		const {delivery} = recorder.state;
		const reason = reasonNotToUndo(delivery);
		if (!delivery || reason !== undefined) {
			return {kind: 'nothing', reason: reason ?? 'nothing was delivered'};
		}

		const workspace = await options.openWorkspace(recorder.state);
		const paths = [...delivery.paths];
		recorder.emit({type: 'undo-started', paths});
		await recorder.barrier();
		const undone = await workspace.undo(paths);
		recorder.emit({type: 'undo-finished', files: [...undone.files], kept: [...undone.kept]});
		await recorder.barrier();
		return {kind: 'undone', ...undone};
	} finally {
		await log.close();
	}
}

function reasonNotToUndo(delivery: RunState['delivery']): string | undefined {
	if (!delivery) {
		return 'nothing was delivered';
	}

	if (delivery.mode !== 'apply') {
		return `its change was not written to the directory; it is in ${delivery.target ?? 'a branch'}`;
	}

	if (delivery.undone) {
		return 'it was already undone';
	}

	return delivery.paths.length === 0 ? 'it changed no files' : undefined;
}
