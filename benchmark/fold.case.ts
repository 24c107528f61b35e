import {execFileSync} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {createRedactor} from '../source/core/redact.ts';
import {createFileStore} from '../source/store/file-store.ts';
import type {BenchmarkCase} from './case.ts';
import {someKey} from './engine-run.ts';
import {foldedSchema, foldRun} from './fold-run.ts';
import {firstEvent, mixedEvents} from './mixed-events.ts';
import {inTurn, spreadOf} from './spread.ts';

const count = 100_000;
const run = 'long-run';
const ownProcess = fileURLToPath(new URL('fold-process.ts', import.meta.url));

export const benchmark: BenchmarkCase = {
	title: '100,000 events from the disk to the state of the run',
	async run(scratch) {
		const log = await writeRun(scratch);
		const spread = await inTurn(
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

/** Writes the events as a run would, some at a time; the path of the log. */
async function writeRun(directory: string): Promise<string> {
	const redact = createRedactor([someKey]);
	const store = createFileStore({directory, redact});
	const log = await store.create(firstEvent(run), []);
	for (const event of mixedEvents(run, count)) {
		log.append(event);
		if (event.seq % 1_000 === 0) {
			await log.barrier();
		}
	}

	await log.close();
	return join(store.locate(run), 'events.jsonl');
}
