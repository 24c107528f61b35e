import {readState} from '../../compose/run-catalog.ts';
import type {RunReport} from '../../core/run-report.ts';
import type {RunState} from '../../core/run-state.ts';
import {createReport} from '../../engine/report.ts';
import type {Store} from '../../store/store.ts';

/** How a run stands, for `show`. */
export type RunStanding = {
	readonly state: RunState;
	/** Whether a process works on it. */
	readonly live: boolean;
	readonly task: string;
	/** The one in the log, or what it would be if the run ended now. */
	readonly report: RunReport;
};

export async function readStanding(store: Store, run: string): Promise<RunStanding> {
	const state = await readState(store, run);
	const live = (await store.owner(run)) !== undefined;
	const message = live ? 'it is still running' : 'its process died';
	const {task} = state;
	return {
		state,
		live,
		task:
			typeof task === 'string'
				? task
				: ((await store.readBlob(run, task.blob)) ?? '[this text is missing from the store]'),
		report: state.report ?? createReport(state, {outcome: 'interrupted', message}),
	};
}
