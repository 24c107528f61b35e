import {mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {createRedactor} from '../source/core/redact.ts';
import {createFileStore} from '../source/store/file/store.ts';
import type {BenchmarkCase} from './case.ts';
import {runWithEngine, someKey} from './engine-run.ts';
import {withOrderCheck, layeredGraph, planOf} from './graph.ts';
import {runHandLoop} from './hand-loop.ts';
import {firstEvent} from './mixed-events.ts';
import {measureInTurn} from './spread.ts';

const limit = 16;
const tasks = layeredGraph(25, 40);
const plan = planOf(tasks);
const doNothing = async () => Promise.resolve();

export const benchmark: BenchmarkCase = {
	title: '1,000 subtasks that do nothing, 16 at once, with the log on',
	async run(scratch) {
		const spread = await measureInTurn(
			{warmUps: 4, repetitions: 15},
			{
				engine: async () => {
					const times = await runWithEngine(scratch, plan, limit, withOrderCheck(tasks, doNothing));
					return {
						scheduling: perTask(times.scheduling),
						working: perTask(times.scheduling - times.approvalSync),
						approvalSync: times.approvalSync,
						whole: times.total,
					};
				},
				hand: async () => {
					const begin = performance.now();
					await runHandLoop(tasks, limit, withOrderCheck(tasks, doNothing));
					return {time: perTask(performance.now() - begin)};
				},
				logging: async () => ({time: perTask(await runByHandWithLog(scratch))}),
			},
		);
		return [
			{
				kind: 'measured',
				name: 'first subtask started → last completed',
				unit: 'µs/subtask',
				measured: spread('engine', 'working'),
				floor: {name: 'loop by hand, two events a task', measured: spread('logging', 'time')},
				target: {of: 'median', atMost: 75},
			},
			{
				kind: 'measured',
				name: 'plan approved → last subtask completed',
				unit: 'µs/subtask',
				measured: spread('engine', 'scheduling'),
				floor: {name: 'in-degree loop by hand, no log', measured: spread('hand', 'time')},
				target: {of: 'median', atMost: 75},
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

/** The hand-written loop, logging the same events per task as the engine; ms. */
async function runByHandWithLog(scratch: string): Promise<number> {
	const directory = await mkdtemp(join(scratch, 'runs-'));
	const first = firstEvent('run-1');
	const store = createFileStore({directory, redact: createRedactor([someKey])});
	const log = await store.create(first, []);
	let {seq} = first;
	const place = () => {
		seq += 1;
		return {v: 1, seq, time: new Date().toISOString(), run: first.run, epoch: 1} as const;
	};

	const work = withOrderCheck(tasks, doNothing);
	const begin = performance.now();
	await runHandLoop(tasks, limit, async id => {
		const ids = {subtask: id, attempt: 1};
		log.append({...place(), type: 'subtask-started', ...ids, agent: 'teammate-1', base: 'c0'});
		await work(id);
		const result = {summary: 'done', outputs: {}};
		log.append({...place(), type: 'subtask-completed', ...ids, ...result});
	});
	const time = performance.now() - begin;
	await log.close();
	await rm(directory, {recursive: true});
	return time;
}

function perTask(ms: number): number {
	return (ms * 1000) / tasks.length;
}
