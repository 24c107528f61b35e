import {createGraph, topologicalOrder} from './graph.ts';
import type {Plan} from './plan.ts';

/** A plan's subtask ids in topological order. */
export function planOrder({subtasks}: Plan): readonly string[] {
	return topologicalOrder(
		createGraph(
			subtasks.map(({id, dependsOn}) => ({id, dependsOn: dependsOn.map(edge => edge.subtask)})),
		),
	);
}
