import type {RunState} from './run-state.ts';
import type {SubtaskState} from './run-state-entries.ts';

/**
 * Whether no process owns the run: its invocation has ended, or a view found that its process died.
 */
export function isUnowned({report, status}: Pick<RunState, 'report' | 'status'>): boolean {
	return report !== undefined || status === 'stopped';
}

/**
 * Time that processes have worked on the run, ms. It stops while no process owns the run, and while
 * the plan awaits a decision.
 *
 * @param now wall clock, ms since the epoch; absent: as of the last event
 */
export function activeMsAt(state: RunState, now?: number): number {
	const {activeMs, changedAt, status} = state;
	const isStopped = now === undefined || isUnowned(state) || status === 'awaiting-approval';
	const since = isStopped || changedAt === '' ? 0 : now - Date.parse(changedAt);
	return activeMs + Math.max(0, since);
}

/**
 * Active time of the run between a subtask's start and its end (or now), ms; `undefined` before its
 * start. Time between two invocations does not count.
 */
export function subtaskMsAt(
	{startedActiveMs, endedActiveMs}: SubtaskState,
	state: RunState,
	now?: number,
): number | undefined {
	return startedActiveMs === undefined
		? undefined
		: Math.max(0, (endedActiveMs ?? activeMsAt(state, now)) - startedActiveMs);
}
