import type {RunState} from '../../core/run-state.ts';
import type {Row} from '../../present/row.ts';
import {detailRows} from '../../present/subtask-details.ts';
import {planRow} from '../../present/plan-rows.ts';
import {railsOf} from './rails.ts';

/** A plan whole, for the one who has to approve it: the graph, then every subtask with its instructions. */
export function planInFull(state: RunState, width: number): readonly Row[] {
	const plan = state.plan?.plan;
	if (!plan) {
		return [];
	}

	const rails = railsOf(plan);
	const graph = rails.rows.map((_, index) => planRow(rails, index, state, {width}));
	const details = rails.rows.flatMap(({subtask}) => [
		[],
		...detailRows(state, subtask.id, width, payload =>
			typeof payload === 'string' ? payload : undefined,
		),
	]);
	return [[], ...graph, ...details];
}
