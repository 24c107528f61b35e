import {setTimeout as sleep} from 'node:timers/promises';
import type {BenchmarkCase} from './case.ts';
import {runWithEngine} from './engine-run.ts';
import {withOrderCheck, layeredGraph, planOf} from './graph.ts';
import {runHandLoop} from './hand-loop.ts';
import {measureInTurn, spreadOf} from './spread.ts';

const limit = 16;
const layers = 10;
const sleepMs = 5;
const tasks = layeredGraph(layers, 20);
const plan = planOf(tasks);

/** A lower bound on any schedule: the longest path, and all work evenly distributed. */
const bound = Math.max(layers * sleepMs, Math.ceil(tasks.length / limit) * sleepMs);

export const benchmark: BenchmarkCase = {
	title: '200 subtasks of 5 ms, 16 at once',
	async run(scratch) {
		const wait = async () => sleep(sleepMs);
		const spread = await measureInTurn(
			{warmUps: 3, repetitions: 15},
			{
				engine: async () => {
					const {scheduling} = await runWithEngine(
						scratch,
						plan,
						limit,
						withOrderCheck(tasks, wait),
					);
					return {makespan: scheduling};
				},
				hand: async () => {
					const begin = performance.now();
					await runHandLoop(tasks, limit, withOrderCheck(tasks, wait));
					return {makespan: performance.now() - begin};
				},
			},
		);
		return [
			{
				kind: 'measured',
				name: 'makespan, by the bound',
				unit: 'ms',
				measured: spread('engine', 'makespan'),
				floor: {name: 'no schedule is shorter', measured: spreadOf([bound])},
				target: {of: 'ratio', atMost: 1.3},
			},
			{
				kind: 'measured',
				name: 'makespan, by a loop with the same timers',
				unit: 'ms',
				measured: spread('engine', 'makespan'),
				floor: {name: 'in-degree loop by hand', measured: spread('hand', 'makespan')},
			},
		];
	},
};
