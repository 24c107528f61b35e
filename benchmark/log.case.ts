import {closeSync, fdatasync, openSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {promisify} from 'node:util';
import {createRedactor} from '../source/core/redact.ts';
import {createFileStore} from '../source/store/file/store.ts';
import type {RunLog} from '../source/store/store.ts';
import type {BenchmarkCase} from './case.ts';
import {someKey} from './engine-run.ts';
import {firstEvent, mixedEvents} from './mixed-events.ts';
import {measureInTurn} from './spread.ts';

const appended = 10_000;
const barriers = 25;
const datasync = promisify(fdatasync);

export const benchmark: BenchmarkCase = {
	title: 'The log: appending, and waiting for the disk',
	async run(scratch) {
		let runs = 0;
		const onNewLog = async (
			action: (log: RunLog, run: string) => Promise<Record<string, number>>,
		) => {
			runs += 1;
			const run = `run-${runs}`;
			const redact = createRedactor([someKey]);
			const log = await createFileStore({directory: scratch, redact}).create(firstEvent(run), []);
			const result = await action(log, run);
			await log.close();
			return result;
		};

		const spread = await measureInTurn(
			{warmUps: 2, repetitions: 9},
			{
				append: async () => onNewLog(append),
				one: async () => onNewLog(async (log, run) => waitForDisk(log, run, 1)),
				many: async () => onNewLog(async (log, run) => waitForDisk(log, run, 16)),
				bare: async () => syncBareFile(join(scratch, 'bare')),
			},
		);
		const floor = {name: 'write and fdatasync of one line', measured: spread('bare', 'wait')};
		return [
			{
				kind: 'measured',
				name: 'append, written, not synced',
				unit: 'µs/event',
				measured: spread('append', 'perEvent'),
			},
			{
				kind: 'measured',
				name: 'append and barrier, 1 waiter',
				unit: 'ms',
				measured: spread('one', 'wait'),
				floor,
			},
			{
				kind: 'measured',
				name: 'append and barrier, each of 16 waiters',
				unit: 'ms',
				measured: spread('many', 'wait'),
				floor,
			},
		];
	},
};

/** Ten events per turn of the event loop, as when several agents work. */
async function append(log: RunLog, run: string): Promise<{perEvent: number}> {
	const events = [...mixedEvents(run, appended + 1)];
	const begin = performance.now();
	for (const [index, event] of events.entries()) {
		log.append(event);
		if (index % 10 === 9) {
			await nextTurn();
		}
	}

	return {perEvent: ((performance.now() - begin) * 1_000) / appended};
}

/** Average duration of a barrier when `waiters` repeatedly append and wait concurrently. */
async function waitForDisk(log: RunLog, run: string, waiters: number): Promise<{wait: number}> {
	const events = mixedEvents(run, waiters * barriers + 1);
	const waits: number[] = [];
	const waiter = async () => {
		for (let round = 0; round < barriers; round++) {
			const {value: event} = events.next();
			const begin = performance.now();
			if (event) {
				log.append(event);
			}

			await log.barrier();
			waits.push(performance.now() - begin);
		}
	};

	await Promise.all(Array.from({length: waiters}, waiter));
	return {wait: waits.reduce((sum, wait) => sum + wait, 0) / waits.length};
}

async function syncBareFile(path: string): Promise<{wait: number}> {
	const file = openSync(path, 'a');
	const line = `${'x'.repeat(450)}\n`;
	const begin = performance.now();
	for (let round = 0; round < barriers; round++) {
		writeSync(file, line);
		await datasync(file);
	}

	const wait = (performance.now() - begin) / barriers;
	closeSync(file);
	return {wait};
}
