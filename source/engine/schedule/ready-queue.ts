import TinyQueue from 'tinyqueue';
import {createGraph, upwardRanks} from '../../core/graph.ts';
import type {Plan} from '../../core/plan.ts';

/**
 * Subtasks that can start: those started by an earlier process first, then by longest remaining path; ties
 * in plan order.
 */
export type ReadyQueue = {
	push(subtask: string): void;
	pop(): string | undefined;
	/** What `pop` would return. */
	peek(): string | undefined;
	readonly length: number;
};

export function createReadyQueue(plan: Plan, started: ReadonlySet<string>): ReadyQueue {
	const estimates = new Map(plan.subtasks.map(({id, estimate}) => [id, estimate]));
	const places = new Map(plan.subtasks.map(({id}, index) => [id, index]));
	const graph = createGraph(
		plan.subtasks.map(({id, dependsOn}) => ({id, dependsOn: dependsOn.map(edge => edge.subtask)})),
	);
	const ranks = upwardRanks(graph, id => estimates.get(id) ?? 1);
	const queue = new TinyQueue<string>(
		[],
		(a, b) =>
			Number(started.has(b)) - Number(started.has(a)) ||
			(ranks.get(b) ?? 0) - (ranks.get(a) ?? 0) ||
			(places.get(a) ?? 0) - (places.get(b) ?? 0),
	);
	return {
		push: subtask => queue.push(subtask),
		pop: () => queue.pop(),
		peek: () => queue.peek(),
		get length() {
			return queue.length;
		},
	};
}
