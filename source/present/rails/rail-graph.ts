import type {Dependency, Plan, Subtask} from '../../core/plan.ts';
import {drawRow, type RailCell} from './cells.ts';
import {railOrder, reduceDependencies} from './edges.ts';
import {advanceRails, placeSubtask, type Lane, type Rails} from './lanes.ts';

export type RailRow = {
	readonly subtask: Subtask;
	readonly cells: readonly RailCell[];
	/** The dependencies shown by lanes or in words, without those implied by longer paths. */
	readonly dependencies: readonly Dependency[];
	/** Those without a free lane, to be shown in words. */
	readonly spilled: readonly Dependency[];
};

/** A plan as a rail graph, one row per subtask, top to bottom. */
export type RailLayout = {
	readonly rows: readonly RailRow[];
	/** Columns of the widest row. */
	readonly width: number;
	/** Columns of the longest id. */
	readonly idWidth: number;
};

/**
 * Draws a plan. A subtask depends on exactly the subtasks whose lanes lead down to it and those named
 * in its row; only what longer paths imply is left out. Takes milliseconds for hundreds of subtasks:
 * call it once per revision. At most `maxLanes` lanes (8) are side by side.
 */
export function layoutRails(
	plan: Plan,
	{maxLanes = 8}: {readonly maxLanes?: number} = {},
): RailLayout {
	const dependencies = reduceDependencies(plan);
	const order = railOrder(plan, dependencies);
	const rowOf = new Map(order.map(({id}, row) => [id, row]));
	const targets = order.map(() => new Map<number, boolean>());
	for (const [row, {id}] of order.entries()) {
		for (const {subtask, when} of dependencies.get(id) ?? []) {
			targets[rowOf.get(subtask) ?? -1]?.set(row, when !== 'success');
		}
	}

	const lanes = Array.from({length: Math.max(1, maxLanes)}, (): Lane | undefined => undefined);
	const rails: Rails = {lanes, above: undefined};
	const spilled = new Map<number, Set<string>>();
	const drawn = order.map(({id}, row) => {
		const placement = placeSubtask(rails, row, targets[row] ?? new Map<number, boolean>());
		const cells = drawRow(lanes, row, placement);
		advanceRails(rails, row, placement);
		for (const target of placement.spilled) {
			spilled.set(target, (spilled.get(target) ?? new Set()).add(id));
		}

		return cells;
	});
	return {
		rows: order.map((subtask, row) => {
			const shown = dependencies.get(subtask.id) ?? [];
			return {
				subtask,
				cells: drawn[row] ?? [],
				dependencies: shown,
				spilled: shown.filter(edge => spilled.get(row)?.has(edge.subtask)),
			};
		}),
		width: drawn.reduce((width, cells) => Math.max(width, cells.length), 0),
		idWidth: order.reduce((width, {id}) => Math.max(width, id.length), 0),
	};
}
