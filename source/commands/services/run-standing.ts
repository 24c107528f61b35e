import {readState} from '../../compose/run-catalog.ts';
import {readText} from '../../core/payload.ts';
import type {RunReport} from '../../core/run-report.ts';
import type {RunStatus} from '../../core/run-state-entries.ts';
import {indexRun, summarizeRun} from '../../core/run-summary.ts';
import type {RunState} from '../../core/run-state.ts';
import {createReport} from '../../engine/report.ts';
import type {Store} from '../../store/store.ts';

/** How a run stands, for `show`. */
export type RunStanding = {
	readonly state: RunState;
	/** Whether a process works on it. */
	readonly live: boolean;
	/** `stopped` also if its process died. */
	readonly status: RunStatus;
	readonly task: string;
	/** The one in the log, or what it would be if the run ended now. */
	readonly report: RunReport;
};

export async function readStanding(store: Store, run: string): Promise<RunStanding> {
	const state = await readState(store, run);
	const live = (await store.owner(run)) !== undefined;
	const message = live ? 'it is still running' : 'its process died';
	return {
		state,
		live,
		status: summarizeRun(run, indexRun(state), live).status,
		task: await readText(state.task, async hash => store.readBlob(run, hash)),
		report: state.report ?? createReport(state, {outcome: 'interrupted', message}),
	};
}
