import {hostname} from 'node:os';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {createFileStore} from '../../../source/store/file/store.ts';
import {RunHeldError, type RunLog, type Store} from '../../../source/store/store.ts';
import {runStarted} from '../../helpers/store-events.ts';
import {type StoreProcess, startStoreProcess} from '../../helpers/store-process.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

const run = 'calm-river';

describe('several processes', () => {
	test('never own a run at the same time, also when owners are killed', async () => {
		const {store, log, directory} = await newRun();
		await log.close();
		const journal = join(directory, '..', 'journal');
		await writeFile(journal, '');
		const lastEpoch = 72;
		const killed = new Set<number>();
		await Promise.all(Array.from({length: 8}, () => race()));

		const owners = ownersOf(await readFile(journal, 'utf8'));
		for (const [index, {pid, epoch, left}] of owners.entries()) {
			expect(epoch).toBe(index + 2);
			if (!left) {
				expect(killed).toContain(pid);
			}
			const later = owners.slice(index + 1).some(next => next.pid === pid);
			if (!left) {
				expect(later).toBe(false);
			}
		}

		expect(owners.length).toBeGreaterThanOrEqual(lastEpoch - 1);
		expect(new Set(owners.map(({pid}) => pid)).size).toBeGreaterThan(8);
		expect(killed.size).toBeGreaterThanOrEqual(20);
		const {events} = await store.read(run);
		expect(events.map(({epoch}) => epoch)).toEqual(
			events.map(({epoch}) => epoch).sort((a, b) => a - b),
		);

		async function race(): Promise<void> {
			const racer = startStoreProcess('racer', [directory, run, journal, `${lastEpoch}`]);
			const {code, signal} = await racer.ended;
			if (signal !== 'SIGKILL') {
				return expect(code).toBe(0);
			}
			killed.add(racer.pid);
			return race();
		}
	});

	test('cannot open what another one holds, until it is killed', async () => {
		const {store, writer} = await otherWriter();
		const error = await store.open(run, {takeOver: true}).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(RunHeldError);
		expect(error).toMatchObject({
			owner: {name: `process ${writer.pid} on ${hostname()}`},
			unknown: false,
		});
		expect(await store.owner(run)).toEqual({name: `process ${writer.pid} on ${hostname()}`});

		writer.kill();
		await writer.ended;
		expect(await store.owner(run)).toBeUndefined();
		const {log} = await store.open(run, {takeOver: false});
		expect(log.epoch).toBe(3);
		await log.close();
	});

	test('lose nothing that was written when they are killed', async () => {
		const {store, writer} = await otherWriter();
		for (let seq = 1; seq < 500;) {
			writer.send('append 100');
			const [, last] = (await writer.nextLine()).split(' ');
			seq = Number(last);
		}

		writer.send('blob some-text');
		const hash = await writer.nextLine();
		writer.send('append 1000000');
		writer.kill();
		await writer.ended;
		const {log, events} = await store.open(run, {takeOver: false});
		expect(events.length).toBeGreaterThanOrEqual(501);
		expect(await log.readBlob(hash)).toBe('some-text');
		await log.close();
	});

	test('follow what another one writes', async () => {
		const {store, writer} = await otherWriter();
		const stop = new AbortController();
		const seen: number[] = [];
		writer.send('append 300');
		for await (const {seq} of store.follow(run, 0, stop.signal)) {
			seen.push(seq);
			if (seq === 301) {
				writer.send('append 300');
			}
			if (seq === 601) {
				stop.abort();
			}
		}

		expect(seen).toEqual(Array.from({length: 601}, (_, index) => index + 1));
	});
});

type Owned = {readonly pid: number; readonly epoch: number; readonly left: boolean};

/** Owners in the order of the journal; fails when one comes while another has neither left nor died. */
function ownersOf(journal: string): readonly Owned[] {
	const owners: Owned[] = [];
	for (const line of journal.trimEnd().split('\n')) {
		const [pid, what, epoch] = line.split(' ');
		const note = {pid: Number(pid), epoch: Number(epoch)};
		if (what === 'owns') {
			owners.push({...note, left: false});
		} else {
			const current = owners.pop();
			expect(current).toEqual({...note, left: false});
			owners.push({...note, left: true});
		}
	}

	return owners;
}

async function newRun(): Promise<{store: Store; log: RunLog; directory: string}> {
	const directory = join(await temporaryDirectory(), 'runs');
	const store = createFileStore({directory, redact: text => text});
	return {store, log: await store.create(runStarted(run), []), directory};
}

async function otherWriter(): Promise<{store: Store; writer: StoreProcess}> {
	const {store, log, directory} = await newRun();
	await log.close();
	const writer = startStoreProcess('writer', [directory, run]);
	expect(await writer.nextLine()).toBe('open 2 1');
	return {store, writer};
}
