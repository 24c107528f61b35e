import type {Plan} from '../../core/plan.ts';
import type {RunState} from '../../core/run-state.ts';
import type {Row} from '../../present/text/row.ts';
import {detailRows} from '../../present/subtask-details.ts';
import {planRow} from '../../present/plan-rows.ts';
import {railsOf} from './rails.ts';

/** The latest rows per plan: wrapping all instructions of a large plan is too slow for every frame. */
const cache = new WeakMap<Plan, {readonly key: string; readonly rows: readonly Row[]}>();

/** The full plan, for approval: the graph, then every subtask with its instructions. */
export function fullPlanRows(state: RunState, width: number): readonly Row[] {
	const plan = state.plan?.plan;
	if (!plan) {
		return [];
	}

	const key = `${width} ${state.seq}`;
	const known = cache.get(plan);
	if (known?.key === key) {
		return known.rows;
	}

	const rows = rowsOf(plan, state, width);
	cache.set(plan, {key, rows});
	return rows;
}

function rowsOf(plan: Plan, state: RunState, width: number): readonly Row[] {
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
