import {parsePlan} from '../source/core/plan-problems.ts';
import type {Plan} from '../source/core/plan.ts';

export type Task = {readonly id: string; readonly dependsOn: readonly string[]};

/** mulberry32 (Tommy Ettinger, public domain): equal seeds give equal graphs everywhere. */
export function createRandom(seed = 42): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d_2b_79_f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
 * `layers` × `width` tasks; each depends on 1 to 3 of the previous layer, some on an earlier one.
 */
export function layeredGraph(layers: number, width: number): readonly Task[] {
	const random = createRandom();
	const tasks: Task[] = [];
	for (let layer = 0; layer < layers; layer++) {
		for (let place = 0; place < width; place++) {
			const dependsOn = new Set<string>();
			if (layer > 0) {
				const draws = 1 + Math.floor(3 * random());
				for (let draw = 0; draw < draws; draw++) {
					dependsOn.add(`t${(layer - 1) * width + Math.floor(random() * width)}`);
				}
			}

			if (layer > 1 && random() < 0.1) {
				dependsOn.add(`t${Math.floor(random() * (layer - 1) * width)}`);
			}

			tasks.push({id: `t${layer * width + place}`, dependsOn: [...dependsOn]});
		}
	}

	return tasks;
}

export function planOf(tasks: readonly Task[]): Plan {
	const parsed = parsePlan({
		subtasks: tasks.map(({id, dependsOn}) => ({
			id,
			title: id,
			instructions: `do ${id}`,
			dependsOn: [...dependsOn],
		})),
	});
	if (!parsed.ok) {
		throw new Error(JSON.stringify(parsed.problems));
	}

	return parsed.plan;
}

/** Executes a task; throws if it starts before one of its dependencies is done. */
export type Work = (id: string) => Promise<void>;

export function withOrderCheck(tasks: readonly Task[], act: () => Promise<unknown>): Work {
	const needs = new Map(tasks.map(({id, dependsOn}) => [id, dependsOn]));
	const done = new Set<string>();
	return async id => {
		for (const needed of needs.get(id) ?? []) {
			if (!done.has(needed)) {
				throw new Error(`${id} started before ${needed} was done`);
			}
		}

		await act();
		done.add(id);
	};
}
