import type {RunState} from './run-state.ts';

/**
 * Whether checks of the program say that the work is done: one of the result, or of a completed subtask,
 * has passed. Otherwise a model says so.
 */
export function isVerified({subtasks, finalChecks}: RunState): boolean {
	const ofSubtasks = [...subtasks.values()].flatMap(({status, checks}) =>
		status === 'completed' ? checks : [],
	);
	return [...finalChecks.values(), ...ofSubtasks].some(({passed}) => passed === true);
}

/** Whether a run completed although nothing was checked. */
export function isUnverified(state: RunState): boolean {
	return state.status === 'completed' && !isVerified(state);
}
