import {conditionHolds, type Settled} from './condition.ts';
import type {Dependency, Plan, Subtask} from './plan.ts';

export type Skip = {readonly subtask: string; readonly reason: string};

/** What became possible or impossible by one step, in the order of the plan's edges. */
export type Step = {readonly ready: readonly string[]; readonly skipped: readonly Skip[]};

/**
 * Where the execution of a plan stands: which subtasks may start and which never will. Every edge is
 * looked at once, so a whole run costs O(subtasks + dependencies).
 */
export type Frontier = {
	/** The subtasks that wait for nothing. To be called once, first. */
	start(): Step;
	/**
	 * Tells how a subtask ended. Dependants that can no longer start are skipped, and so on down; those
	 * that have ended already are left alone.
	 */
	settle(subtask: string, settled: Settled): Step;
};

type Waiting = {
	readonly subtask: Subtask;
	open: number;
	held: number;
	readonly refusals: string[];
	decided: boolean;
};

export function createFrontier(plan: Plan): Frontier {
	const waiting = new Map<string, Waiting>();
	const dependants = new Map<string, {readonly entry: Waiting; readonly edge: Dependency}[]>();
	for (const subtask of plan.subtasks) {
		const open = subtask.dependsOn.length;
		const entry: Waiting = {subtask, open, held: 0, refusals: [], decided: open === 0};
		waiting.set(subtask.id, entry);
		for (const edge of subtask.dependsOn) {
			const list = dependants.get(edge.subtask);
			if (list) {
				list.push({entry, edge});
			} else {
				dependants.set(edge.subtask, [{entry, edge}]);
			}
		}
	}

	const settledIds = new Set<string>();

	return {
		start: () => ({
			ready: plan.subtasks.filter(({dependsOn}) => dependsOn.length === 0).map(({id}) => id),
			skipped: [],
		}),
		settle(subtask, settled) {
			const ready: string[] = [];
			const skipped: Skip[] = [];
			const queue: {id: string; settled: Settled}[] = [{id: subtask, settled}];
			for (const {id, settled: ending} of queue) {
				if (settledIds.has(id)) {
					continue;
				}

				settledIds.add(id);
				const own = waiting.get(id);
				if (own) {
					own.decided = true;
				}

				for (const {entry, edge} of dependants.get(id) ?? []) {
					if (entry.decided) {
						continue;
					}

					recordEdge(entry, edge, ending);
					const verdict = judge(entry);
					entry.decided = verdict !== 'open';
					if (verdict === 'ready') {
						ready.push(entry.subtask.id);
					} else if (verdict === 'impossible') {
						skipped.push({subtask: entry.subtask.id, reason: entry.refusals.join('; ')});
						queue.push({id: entry.subtask.id, settled: {status: 'skipped'}});
					}
				}
			}

			return {ready, skipped};
		},
	};
}

function recordEdge(entry: Waiting, edge: Dependency, settled: Settled): void {
	entry.open -= 1;
	const result = conditionHolds(edge.when, edge.subtask, settled);
	if (result.holds) {
		entry.held += 1;
	} else {
		entry.refusals.push(result.reason);
	}
}

function judge({subtask, open, held, refusals}: Waiting): 'open' | 'ready' | 'impossible' {
	if (subtask.join === 'any') {
		return held > 0 ? 'ready' : open === 0 ? 'impossible' : 'open';
	}

	return refusals.length > 0 ? 'impossible' : open === 0 ? 'ready' : 'open';
}
