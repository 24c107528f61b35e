import {describe, expect, test, vi} from 'vitest';
import type {Store} from '../../source/store/store.ts';
import {paused, runStarted} from '../helpers/store-events.ts';
import {nextOf, sha256} from '../helpers/store-reading.ts';
import {patience} from '../helpers/patience.ts';

/** What every store keeps of the creation of runs, and of their names. */
export function describeRuns(name: string, plain: () => Promise<Store>): void {
	describe(`${name}: creating runs`, () => {
		test('makes a run that others see, with its first event and blobs', async () => {
			const store = await plain();
			const task = 'long task '.repeat(1000);
			const first = runStarted('calm-river', {blob: sha256(task), bytes: task.length});
			const log = await store.create(first, [task]);

			expect(log).toMatchObject({run: 'calm-river', epoch: 1});
			expect(await store.read('calm-river')).toEqual({events: [first], torn: false});
			expect(await store.readBlob('calm-river', sha256(task))).toBe(task);
			expect(await store.list()).toEqual([
				{
					run: 'calm-river',
					changedAt: expect.any(Number),
					version: expect.any(String),
				},
			]);
			expect(store.addressOf('calm-river')).toContain('calm-river');
		});

		test('refuses a name that is taken, and leaves its run as it was', async () => {
			const store = await plain();
			const first = runStarted('calm-river');
			await store.create(first, []);
			await expect(store.create(runStarted('calm-river', 'Other'), [])).rejects.toMatchObject({
				name: 'StoreError',
				message: expect.stringContaining('calm-river already exists'),
			});
			expect((await store.read('calm-river')).events).toEqual([first]);
			expect(await store.list()).toHaveLength(1);
		});

		test('lets one of several creators of the same run succeed', async () => {
			const store = await plain();
			const made = await Promise.allSettled(
				['a', 'b', 'c'].map(task => store.create(runStarted('calm-river', task), [])),
			);
			expect(made.filter(result => result.status === 'fulfilled')).toHaveLength(1);
		});

		test('knows no runs at first', async () => {
			expect(await (await plain()).list()).toEqual([]);
		});

		test.each([
			'',
			'.',
			'..',
			'../up',
			'a/b',
			'/etc',
			'-x',
			'Upper',
			'a b',
			'a'.repeat(101),
			'a\0b',
		])('refuses %j as a name', async run => {
			const store = await plain();
			await expect(store.create(runStarted(run), [])).rejects.toThrow('not a valid run name');
			await expect(store.open(run, {takeOver: false})).rejects.toThrow('not a valid run name');
			await expect(store.read(run)).rejects.toThrow('not a valid run name');
			await expect(store.post(run, {type: 'pause'})).rejects.toThrow('not a valid run name');
			expect(() => store.addressOf(run)).toThrow('not a valid run name');
		});

		test('says that a run is missing', async () => {
			const store = await plain();
			const missing = {name: 'StoreError', kind: 'missing'};
			const {signal} = new AbortController();
			await expect(store.open('no-run', {takeOver: false})).rejects.toMatchObject(missing);
			await expect(store.read('no-run')).rejects.toMatchObject(missing);
			await expect(store.readBlob('no-run', sha256(''))).rejects.toMatchObject(missing);
			await expect(store.owner('no-run')).rejects.toMatchObject(missing);
			await expect(store.post('no-run', {type: 'pause'})).rejects.toMatchObject(missing);
			await expect(store.readTranscript('no-run', 'lead')).rejects.toMatchObject(missing);
			await expect(nextOf(store.followTranscript('no-run', 'lead', signal))).rejects.toMatchObject(
				missing,
			);
			await expect(nextOf(store.follow('no-run', 0, signal))).rejects.toMatchObject(missing);
		});

		test('keeps what was derived from a log beside it, and tells when the log has changed', async () => {
			const store = await plain();
			const log = await store.create(runStarted('calm-river'), []);
			expect(await store.readIndex('calm-river')).toBeUndefined();
			const [before] = await store.list();
			const entry = {version: before?.version ?? '', value: {status: 'planning', parts: [1, null]}};
			await store.writeIndex('calm-river', entry);
			expect(await store.readIndex('calm-river')).toEqual(entry);
			expect((await store.list())[0]?.version).toBe(entry.version);
			log.append(paused({run: log.run, seq: 2}));
			await log.barrier();
			expect((await store.list())[0]?.version).not.toBe(entry.version);
			const next = {version: 'next', value: 'x'};
			await store.writeIndex('calm-river', next);
			expect(await store.readIndex('calm-river')).toEqual(next);
		});

		test('gives up its runs when it is closed, and answers nothing more', async () => {
			const store = await plain();
			const log = await store.create(runStarted('calm-river'), []);
			const {signal} = new AbortController();
			const following = store.follow('calm-river', 1, signal)[Symbol.asyncIterator]().next();
			const heard = store.followTranscript('calm-river', 'lead', signal);
			const listening = heard[Symbol.asyncIterator]().next();
			await Promise.all([store.close(), store.close()]);
			expect(await following).toEqual({value: undefined, done: true});
			expect(await listening).toEqual({value: undefined, done: true});
			expect(() => log.append(paused({run: log.run, seq: 2}))).toThrow('closed');
			await expect(store.read('calm-river')).rejects.toThrow('the store is closed');
			await expect(store.open('calm-river', {takeOver: false})).rejects.toThrow('is closed');
			await expect(store.create(runStarted('other'), [])).rejects.toThrow('is closed');
		});

		test('lists the run that changed last first', async () => {
			const store = await plain();
			const logs = [
				await store.create(runStarted('one'), []),
				await store.create(runStarted('two'), []),
			];
			for (const log of logs) {
				let seq = 1;
				// Times of files have the grain of a clock tick.
				await vi.waitFor(async () => {
					seq += 1;
					log.append(paused({run: log.run, seq}));
					await log.barrier();
					expect((await store.list())[0]?.run).toBe(log.run);
				}, patience);
			}
		});
	});
}
