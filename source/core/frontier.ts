import {conditionHolds, type Settled} from './condition.ts';
import type {Plan, Subtask} from './plan.ts';

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
	/** Tells how a subtask ended. Dependants that can no longer start are skipped, and so on down. */
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
	const dependants = new Map<string, Subtask[]>();
	for (const subtask of plan.subtasks) {
		const open = subtask.dependsOn.length;
		waiting.set(subtask.id, {subtask, open, held: 0, refusals: [], decided: open === 0});
		for (const dependency of subtask.dependsOn) {
			const list = dependants.get(dependency.subtask);
			if (list) {
				list.push(subtask);
			} else {
				dependants.set(dependency.subtask, [subtask]);
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
				for (const dependant of dependants.get(id) ?? []) {
					const entry = waiting.get(dependant.id);
					if (!entry || entry.decided) {
						continue;
					}

					recordEdge(entry, id, ending);
					const verdict = judge(entry);
					entry.decided = verdict !== 'open';
					if (verdict === 'ready') {
						ready.push(dependant.id);
					} else if (verdict === 'impossible') {
						skipped.push({subtask: dependant.id, reason: entry.refusals.join('; ')});
						queue.push({id: dependant.id, settled: {status: 'skipped'}});
					}
				}
			}

			return {ready, skipped};
		},
	};
}

function recordEdge(entry: Waiting, id: string, settled: Settled): void {
	const dependency = entry.subtask.dependsOn.find(edge => edge.subtask === id);
	if (!dependency) {
		return;
	}

	entry.open -= 1;
	const result = conditionHolds(dependency.when, id, settled);
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
