import {execFileSync} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {BenchmarkCase} from './case.ts';
import {foldedSchema, foldRun} from './fold-run.ts';
import {measureInTurn, spreadOf} from './spread.ts';
import {writeRun} from './write-run.ts';

const count = 100_000;
const run = 'long-run';
const ownProcess = fileURLToPath(new URL('fold-process.ts', import.meta.url));

export const benchmark: BenchmarkCase = {
	title: '100,000 events from the disk to the state of the run',
	async run(scratch) {
		const log = await writeRun(scratch, run, count);
		const spread = await measureInTurn(
			{warmUps: 1, repetitions: 9},
			{
				warm: async () => foldRun(scratch, run, count),
				cold: () => {
					const output = execFileSync(process.execPath, [ownProcess, scratch, run, `${count}`]);
					return foldedSchema.parse(JSON.parse(output.toString()));
				},
				json: () => {
					const begin = performance.now();
					const lines = readFileSync(log, 'utf8').split('\n');
					const values = lines.filter(line => line !== '').map(line => JSON.parse(line) as unknown);
					return {total: performance.now() - begin, values: values.length};
				},
			},
		);
		const floor = {name: 'JSON.parse of every line', measured: spread('json', 'total')};
		return [
			{
				kind: 'measured',
				name: 'read and fold, warm process',
				unit: 'ms',
				measured: spread('warm', 'total'),
				floor,
				target: {of: 'median', atMost: 1_000},
			},
			{kind: 'measured', name: 'of it: read', unit: 'ms', measured: spread('warm', 'read')},
			{kind: 'measured', name: 'of it: fold', unit: 'ms', measured: spread('warm', 'fold')},
			{
				kind: 'measured',
				name: 'read and fold, new process',
				unit: 'ms',
				measured: spread('cold', 'total'),
				floor,
			},
			{
				kind: 'measured',
				name: 'peak memory of the new process',
				unit: 'MiB',
				measured: spread('cold', 'peakMiB'),
				floor: {name: 'before it read', measured: spread('cold', 'idleMiB')},
			},
			{
				kind: 'measured',
				name: 'length of the log',
				unit: 'MiB',
				measured: spreadOf([statSync(log).size / 2 ** 20]),
			},
		];
	},
};
