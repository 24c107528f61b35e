import {createGraph, topologicalOrder} from './graph.ts';
import type {Plan} from './plan.ts';

/** The ids of a plan's subtasks in an order in which each comes after all it depends on. */
export function planOrder({subtasks}: Plan): readonly string[] {
	return topologicalOrder(
		createGraph(
			subtasks.map(({id, dependsOn}) => ({id, dependsOn: dependsOn.map(edge => edge.subtask)})),
		),
	);
}
