import type {RunState} from '../core/run-state.ts';

export function completedCount({subtasks}: RunState): number {
	return [...subtasks.values()].filter(({status}) => status === 'completed').length;
}

/**
 * Filled cells of a progress bar, by completed subtasks. A completed run fills all of them, even if
 * some subtasks failed, were skipped or cancelled.
 */
export function filledCells(state: RunState, cells: number): number {
	const all = state.subtasks.size;
	return state.status === 'completed'
		? cells
		: Math.round((completedCount(state) / Math.max(1, all)) * cells);
}
