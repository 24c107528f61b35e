import {rm} from 'node:fs/promises';
import type {BenchmarkCase} from './case.ts';
import {runWithEngine} from './engine-run.ts';
import {inOrder, layeredGraph, planOf} from './graph.ts';
import {runByHand} from './hand-loop.ts';
import {inTurn} from './spread.ts';

const limit = 16;
const tasks = layeredGraph(25, 40);
const plan = planOf(tasks);
const doNothing = async () => Promise.resolve();

export const benchmark: BenchmarkCase = {
	title: '1,000 subtasks that do nothing, 16 at once, with the log on',
	async run(scratch) {
		const spread = await inTurn(
			{warmUps: 4, repetitions: 15},
			{
				engine: async () => {
					const times = await runWithEngine(scratch, plan, limit, inOrder(tasks, doNothing));
					await rm(scratch, {recursive: true, force: true});
					return {
						scheduling: perTask(times.scheduling),
						approvalSync: times.approvalSync,
						whole: times.whole,
					};
				},
				hand: async () => {
					const begin = performance.now();
					await runByHand(tasks, limit, inOrder(tasks, doNothing));
					return {time: perTask(performance.now() - begin)};
				},
			},
		);
		return [
			{
				kind: 'measured',
				name: 'plan approved → last subtask completed',
				unit: 'µs/subtask',
				measured: spread('engine', 'scheduling'),
				floor: {name: 'in-degree loop by hand', measured: spread('hand', 'time')},
				target: {of: 'ratio', atMost: 3},
			},
			{
				kind: 'measured',
				name: 'of it: the approval made durable',
				unit: 'ms',
				measured: spread('engine', 'approvalSync'),
			},
			{
				kind: 'measured',
				name: 'the whole run, from order to closed log',
				unit: 'ms',
				measured: spread('engine', 'whole'),
			},
		];
	},
};

function perTask(ms: number): number {
	return (ms * 1000) / tasks.length;
}
