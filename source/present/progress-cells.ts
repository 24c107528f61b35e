import type {RunState} from '../core/run-state.ts';

/** Subtasks that are done. */
export function completedOf({subtasks}: RunState): number {
	return [...subtasks.values()].filter(({status}) => status === 'completed').length;
}

/**
 * How many of so many cells of a bar are full: by what is done. What failed, was skipped or cancelled is
 * not done, but a run that is completed needs no more of it.
 */
export function filledCells(state: RunState, cells: number): number {
	const all = state.subtasks.size;
	return state.status === 'completed'
		? cells
		: Math.round((completedOf(state) / Math.max(1, all)) * cells);
}
