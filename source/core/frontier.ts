import {evaluateCondition, type SubtaskOutcome} from './condition.ts';
import type {Dependency, Plan, Subtask} from './plan.ts';

export type Skip = {readonly subtask: string; readonly reason: string};

/** What became ready or impossible in one step, in the order of the plan's edges. */
export type FrontierUpdate = {readonly ready: readonly string[]; readonly skipped: readonly Skip[]};

/**
 * Tracks which subtasks can start and which never will. Every edge is evaluated once, so an entire
 * run takes O(subtasks + dependencies).
 */
export type Frontier = {
	/** The subtasks without dependencies. Call once, first. */
	start(): FrontierUpdate;
	/**
	 * Records how a subtask ended. Dependents that can no longer start are skipped, transitively;
	 * ended subtasks are left alone.
	 */
	settle(subtask: string, outcome: SubtaskOutcome): FrontierUpdate;
};

type WaitingSubtask = {
	readonly subtask: Subtask;
	open: number;
	satisfied: number;
	readonly unmet: string[];
	decided: boolean;
};

export function createFrontier(plan: Plan): Frontier {
	const waiting = new Map<string, WaitingSubtask>();
	const dependents = new Map<
		string,
		{readonly entry: WaitingSubtask; readonly edge: Dependency}[]
	>();
	for (const subtask of plan.subtasks) {
		const open = subtask.dependsOn.length;
		const entry: WaitingSubtask = {subtask, open, satisfied: 0, unmet: [], decided: open === 0};
		waiting.set(subtask.id, entry);
		for (const edge of subtask.dependsOn) {
			const list = dependents.get(edge.subtask);
			if (list) {
				list.push({entry, edge});
			} else {
				dependents.set(edge.subtask, [{entry, edge}]);
			}
		}
	}

	const settledIds = new Set<string>();

	return {
		start: () => ({
			ready: plan.subtasks.filter(({dependsOn}) => dependsOn.length === 0).map(({id}) => id),
			skipped: [],
		}),
		settle(subtask, outcome) {
			const ready: string[] = [];
			const skipped: Skip[] = [];
			const queue: {id: string; outcome: SubtaskOutcome}[] = [{id: subtask, outcome}];
			for (const {id, outcome: ending} of queue) {
				if (settledIds.has(id)) {
					continue;
				}

				settledIds.add(id);
				const own = waiting.get(id);
				if (own) {
					own.decided = true;
				}

				for (const {entry, edge} of dependents.get(id) ?? []) {
					if (entry.decided) {
						continue;
					}

					recordEdge(entry, edge, ending);
					const verdict = judge(entry);
					entry.decided = verdict !== 'open';
					if (verdict === 'ready') {
						ready.push(entry.subtask.id);
					} else if (verdict === 'impossible') {
						skipped.push({subtask: entry.subtask.id, reason: entry.unmet.join('; ')});
						queue.push({id: entry.subtask.id, outcome: {status: 'skipped'}});
					}
				}
			}

			return {ready, skipped};
		},
	};
}

function recordEdge(entry: WaitingSubtask, edge: Dependency, outcome: SubtaskOutcome): void {
	entry.open -= 1;
	const result = evaluateCondition(edge.when, edge.subtask, outcome);
	if (result.holds) {
		entry.satisfied += 1;
	} else {
		entry.unmet.push(result.reason);
	}
}

function judge(entry: WaitingSubtask): 'open' | 'ready' | 'impossible' {
	const {subtask, open, satisfied, unmet} = entry;
	if (subtask.join === 'any') {
		return satisfied > 0 ? 'ready' : open === 0 ? 'impossible' : 'open';
	}

	return unmet.length > 0 ? 'impossible' : open === 0 ? 'ready' : 'open';
}
