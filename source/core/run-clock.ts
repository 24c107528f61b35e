import type {RunState, SubtaskState} from './run-state.ts';

/** Whether nobody works on a run: its invocation has ended, or (as a view knows) its process has died. */
export function isAtRest({report, status}: Pick<RunState, 'report' | 'status'>): boolean {
	return report !== undefined || status === 'stopped';
}

/**
 * Time in which a process worked on the run until now, ms. It stands still where nobody works on it,
 * and while the plan waits for a person.
 *
 * @param now wall clock, ms since the epoch; absent: as of the last event
 */
export function activeMsAt(state: RunState, now?: number): number {
	const {activeMs, changedAt, status} = state;
	const stands = now === undefined || isAtRest(state) || status === 'awaiting-approval';
	const since = stands || changedAt === '' ? 0 : now - Date.parse(changedAt);
	return activeMs + Math.max(0, since);
}

/**
 * Active time of the run between the beginning of a subtask and its end (until now, where it has none),
 * ms; `undefined` before it began. Time between two invocations does not count.
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
