import type {Plan} from '../../core/plan.ts';
import type {RunState} from '../../core/run-state.ts';
import type {Row} from '../../present/text/row.ts';
import {detailRows} from '../../present/subtask-details.ts';
import {planRow} from '../../present/plan-rows.ts';
import {railsOf} from './rails.ts';

/** What was made for a plan last: every instruction of a large plan is not wrapped anew for each frame. */
const made = new WeakMap<Plan, {readonly key: string; readonly rows: readonly Row[]}>();

/** A plan whole, for the one who has to approve it: the graph, then every subtask with its instructions. */
export function planInFull(state: RunState, width: number): readonly Row[] {
	const plan = state.plan?.plan;
	if (!plan) {
		return [];
	}

	const key = `${width} ${state.seq}`;
	const known = made.get(plan);
	if (known?.key === key) {
		return known.rows;
	}

	const rows = rowsOf(plan, state, width);
	made.set(plan, {key, rows});
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
