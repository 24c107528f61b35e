import {link, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {encodeEventLine} from '../../../source/store/log-line.ts';
import {createFileStore} from '../../../source/store/file/store.ts';
import {paused, runStarted} from '../../helpers/store-events.ts';
import {createFaultyDisk, systemError} from '../../helpers/store-faults.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';
import {patience} from '../../helpers/patience.ts';

const run = 'calm-river';

describe('barriers', () => {
	test('share syncs: those who come during one wait for the next', async () => {
		const {disk, log} = await newRun();
		await log.barrier();
		disk.calls.length = 0;
		const gate = Promise.withResolvers<void>();
		disk.gate = gate.promise;

		log.append(paused({run, seq: 2}));
		const first = [log.barrier(), log.barrier(), log.barrier()];
		await vi.waitFor(() => expect(disk.calls).toEqual(['write', 'datasync']), patience);
		log.append(paused({run, seq: 3}));
		const second = Array.from({length: 50}, () => log.barrier());
		const settled: string[] = [];
		for (const barrier of first) {
			void barrier.then(() => settled.push('first'));
		}
		for (const barrier of second) {
			void barrier.then(() => settled.push('second'));
		}
		await new Promise(resolve => setImmediate(resolve));
		expect(settled).toEqual([]);
		disk.gate = undefined;
		gate.resolve();
		await Promise.all(first);
		expect(settled).toEqual(['first', 'first', 'first']);
		await Promise.all(second);
		expect(disk.calls).toEqual(['write', 'datasync', 'write', 'datasync']);
	});

	test('make blobs durable, then their folder, then the log', async () => {
		const {disk, log} = await newRun();
		await log.barrier();
		disk.calls.length = 0;
		log.putBlob('one');
		log.putBlob('two');
		log.putBlob('one');
		log.append(paused({run, seq: 2}));
		await log.barrier();
		expect(disk.calls).toEqual([
			'write',
			'write',
			'write',
			'datasync',
			'datasync',
			'syncDirectory',
			'datasync',
		]);
	});

	test('write together what was appended in one turn', async () => {
		const {disk, log} = await newRun();
		disk.calls.length = 0;
		for (let seq = 2; seq <= 100; seq += 1) {
			log.append(paused({run, seq}));
		}
		await vi.waitFor(() => expect(disk.calls).toContain('write'), patience);
		expect(disk.calls).toEqual(['write']);
	});

	test('sync nothing when nothing is new', async () => {
		const {disk, log} = await newRun();
		await log.barrier();
		disk.calls.length = 0;
		await log.barrier();
		expect(disk.calls).toEqual([]);
	});

	test('make durable what an earlier process wrote last', async () => {
		const {disk, store, log} = await newRun();
		log.putBlob('one');
		await log.close();
		const {log: next} = await store.open(run, {takeOver: false});
		disk.calls.length = 0;
		await next.barrier();
		expect(disk.calls).toEqual(['datasync', 'syncDirectory', 'datasync']);
	});
});

describe('a disk without space', () => {
	test('keeps the whole lines, says so for ever, and writes nothing more', async () => {
		const {disk, store, log, directory} = await newRun();
		log.append(paused({run, seq: 2}));
		await log.barrier();
		const third = encodeEventLine(paused({run, seq: 3}), text => text);
		disk.room = Buffer.byteLength(third) + 40;
		for (const seq of [3, 4, 5, 6]) {
			log.append(paused({run, seq}));
		}
		await expect(log.barrier()).rejects.toMatchObject({name: 'StoreError', kind: 'full'});
		const bytes = await readFile(join(directory, 'events.jsonl'), 'utf8');
		expect(bytes.endsWith('\n')).toBe(true);

		disk.room = Number.POSITIVE_INFINITY;
		log.append(paused({run, seq: 7}));
		log.putBlob('late');
		await expect(log.barrier()).rejects.toMatchObject({kind: 'full'});
		await expect(log.close()).rejects.toMatchObject({kind: 'full'});
		expect(await readFile(join(directory, 'events.jsonl'), 'utf8')).toBe(bytes);

		const {log: next, events} = await store.open(run, {takeOver: false});
		expect(events.map(event => event.seq)).toEqual([1, 2, 3]);
		expect(await readdir(directory)).not.toContain('events.jsonl.torn');
		next.append(paused({run, seq: 4, epoch: next.epoch}));
		await next.close();
	});

	test('cuts back at whatever byte it ends', async () => {
		const {disk, store, log} = await newRun();
		await log.close();
		let seq = 1;
		for (let room = 0; room < 400; room += 7) {
			const {log: writer} = await openWithRoom();
			const before = seq;
			disk.room = room;
			for (let count = 1; count <= 3; count += 1) {
				writer.append(paused({run, seq: before + count, epoch: writer.epoch}));
			}

			await expect(writer.close()).rejects.toMatchObject({kind: 'full'});
			const read = await store.read(run);
			expect(read.torn).toBe(false);
			seq = read.events.length;
			expect(seq - before).toBeLessThan(3);
		}

		async function openWithRoom() {
			disk.room = Number.POSITIVE_INFINITY;
			return store.open(run, {takeOver: false});
		}
	});

	test('is found by a blob as well', async () => {
		const {disk, store, log, directory} = await newRun();
		disk.room = 3;
		const hash = log.putBlob('too long');
		log.append(paused({run, seq: 2}));
		await expect(log.barrier()).rejects.toMatchObject({kind: 'full'});
		expect(await store.readBlob(run, hash)).toBeUndefined();
		expect(await readdir(join(directory, 'blobs'))).toEqual([]);
		expect((await store.read(run)).events).toHaveLength(1);
	});

	test('makes no run', async () => {
		const {disk, store, root} = await newRun();
		for (const room of [0, 5, 100, 700]) {
			disk.room = room;
			await expect(store.create(runStarted('second'), ['blob'])).rejects.toMatchObject({
				kind: 'full',
			});
		}

		expect(await readdir(root)).toEqual([run]);
		disk.room = Number.POSITIVE_INFINITY;
		await store.create(runStarted('second'), ['blob']);
	});
});

describe('a broken disk', () => {
	test('ends the log at a failed write, with one kind of error for ever', async () => {
		const {disk, store, log} = await newRun();
		disk.writeError = systemError('EIO');
		log.append(paused({run, seq: 2}));
		await expect(log.barrier()).rejects.toMatchObject({
			kind: 'io',
			message: expect.stringContaining('EIO'),
			hint: expect.any(String),
		});
		disk.writeError = undefined;
		disk.calls.length = 0;
		log.append(paused({run, seq: 3}));
		await expect(log.barrier()).rejects.toMatchObject({kind: 'io'});
		expect(disk.calls).toEqual([]);
		await expect(log.close()).rejects.toMatchObject({kind: 'io'});
		expect(await store.owner(run)).toBeUndefined();
	});

	test('never syncs again after a failed sync, whatever its reason', async () => {
		for (const code of ['EIO', 'ENOSPC'] as const) {
			const {disk, log} = await newRun();
			disk.syncError = systemError(code);
			log.append(paused({run, seq: 2}));
			await expect(log.barrier()).rejects.toMatchObject({kind: 'io'});
			disk.syncError = undefined;
			disk.calls.length = 0;
			await expect(log.barrier()).rejects.toMatchObject({kind: 'io'});
			await expect(log.barrier()).rejects.toMatchObject({kind: 'io'});
			expect(disk.calls).toEqual([]);
		}
	});

	test('does not sync the log when a blob could not be synced', async () => {
		const {disk, log} = await newRun();
		await log.barrier();
		disk.calls.length = 0;
		disk.syncError = systemError('EIO');
		log.putBlob('one');
		log.append(paused({run, seq: 2}));
		await expect(log.barrier()).rejects.toMatchObject({kind: 'io'});
		expect(disk.calls).toEqual(['write', 'write', 'datasync']);
	});

	test('makes no run', async () => {
		const {disk, store, root} = await newRun();
		disk.syncError = systemError('EIO');
		await expect(store.create(runStarted('second'), [])).rejects.toMatchObject({kind: 'io'});
		expect(await readdir(root)).toEqual([run]);
	});

	test('takes no command', async () => {
		const {disk, store, log} = await newRun();
		disk.syncError = systemError('EIO');
		await expect(store.post(run, {type: 'pause'})).rejects.toMatchObject({kind: 'io'});
		expect(await log.inbox.take()).toEqual([]);
	});
});

describe('a writer that was superseded', () => {
	test('stops at once and writes nothing more', async () => {
		const {disk, store, log, directory} = await newRun();
		log.append(paused({run, seq: 2}));
		await log.barrier();
		await takeOver(directory);
		disk.calls.length = 0;
		log.append(paused({run, seq: 3}));
		await expect(log.barrier()).rejects.toMatchObject({name: 'StoreError', kind: 'superseded'});
		await expect(log.close()).rejects.toMatchObject({kind: 'superseded'});
		expect(disk.calls).not.toContain('write');
		expect((await store.read(run)).events).toHaveLength(2);
	});

	test('does not write without a barrier either', async () => {
		const {disk, log, directory} = await newRun();
		await takeOver(directory);
		disk.calls.length = 0;
		log.append(paused({run, seq: 2}));
		await new Promise(resolve => setImmediate(resolve));
		await new Promise(resolve => setImmediate(resolve));
		expect(disk.calls).toEqual([]);
	});

	test('does not promise what its successor may not have read', async () => {
		const {disk, log, directory} = await newRun();
		await log.barrier();
		const gate = Promise.withResolvers<void>();
		disk.gate = gate.promise;
		disk.calls.length = 0;
		log.append(paused({run, seq: 2}));
		const barrier = log.barrier();
		await vi.waitFor(() => expect(disk.calls).toContain('datasync'), patience);
		await takeOver(directory);
		gate.resolve();
		await expect(barrier).rejects.toMatchObject({kind: 'superseded'});
	});
});

/** What another process does to take a run over, seen from its first writer. */
async function takeOver(directory: string): Promise<void> {
	await link(join(directory, 'lock.1'), join(directory, 'lock.2'));
}

async function newRun() {
	const root = join(await temporaryDirectory(), 'runs');
	const disk = createFaultyDisk();
	const store = createFileStore({directory: root, redact: text => text, fileSystem: disk});
	return {
		root,
		directory: join(root, run),
		disk,
		store,
		log: await store.create(runStarted(run), []),
	};
}
