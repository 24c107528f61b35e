import {describe, expect, test} from 'vitest';
import {RunHeldError, type Store} from '../../source/store/store.ts';
import {paused, runStarted} from '../helpers/store-events.ts';
import {sha256} from '../helpers/store-reading.ts';
import {newRun, type CreateStore} from './new-run.ts';

/** What every store keeps of events and texts, and of the one writer of a run. */
export function describeWriting(
	name: string,
	plain: () => Promise<Store>,
	createStore: CreateStore,
): void {
	describe(`${name}: writing and reading`, () => {
		test('gives back what was appended, in order', async () => {
			const {store, log} = await newRun(plain);
			const events = [2, 3, 4].map(seq => paused({run: log.run, seq}, `"quoted"\n日本 ${seq}`));
			for (const event of events) {
				log.append(event);
			}
			await log.barrier();
			expect((await store.read(log.run)).events.slice(1)).toEqual(events);
			expect((await store.read(log.run, 3)).events).toEqual(events.slice(2));
			expect((await store.read(log.run, 9)).events).toEqual([]);
		});

		test('refuses an event that is not the next of this writer', async () => {
			const {store, log} = await newRun(plain);
			const {run} = log;
			for (const wrong of [
				paused({run, seq: 1}),
				paused({run, seq: 3}),
				paused({run: 'other', seq: 2}),
				paused({run, seq: 2, epoch: 2}),
			]) {
				expect(() => log.append(wrong)).toThrow('cannot follow event 1');
			}

			log.append(paused({run, seq: 2}));
			await log.barrier();
			expect((await store.read(run)).events).toHaveLength(2);
		});

		test('keeps texts under their SHA-256', async () => {
			const {store, log} = await newRun(plain);
			const text = 'Größe\n'.repeat(3000);
			expect(log.putBlob(text)).toBe(sha256(text));
			expect(log.putBlob(text)).toBe(sha256(text));
			expect(await log.readBlob(sha256(text))).toBe(text);
			await log.barrier();
			expect(await store.readBlob(log.run, sha256(text))).toBe(text);
			expect(await store.readBlob(log.run, sha256('other'))).toBeUndefined();
			expect(await store.readBlob(log.run, '../events.jsonl')).toBeUndefined();
		});

		test('lets no secret in, also none of several lines', async () => {
			const redact = (text: string) =>
				text.replaceAll('key\n"42"', '[secret]').replaceAll('hunter2', '[secret]');
			const store = await createStore({redact});
			const task = 'the task with hunter2';
			const first = runStarted('calm-river', {blob: sha256(task), bytes: task.length});
			const log = await store.create(first, [task]);
			log.append(paused({run: log.run, seq: 2}, 'one key\n"42", two hunter2'));
			const hash = log.putBlob('a blob with hunter2');
			await log.barrier();

			const {events} = await store.read(log.run);
			expect(events[1]).toMatchObject({reason: 'one [secret], two [secret]'});
			expect(hash).toBe(sha256('a blob with [secret]'));
			expect(await store.readBlob(log.run, hash)).toBe('a blob with [secret]');
			const kept = 'the task with [secret]';
			expect(events[0]).toMatchObject({task: {blob: sha256(kept)}});
			expect(await store.readBlob(log.run, sha256(kept))).toBe(kept);
		});

		test('takes live lines of any agent', async () => {
			const {log} = await newRun(plain);
			log.transcribe('teammate-1', 'text', 'hello');
			log.transcribe('../../x', 'text', 'hello');
			log.transcribe('', 'text', 'hello');
			await expect(log.close()).resolves.toBeUndefined();
		});
	});

	describe(`${name}: one writer`, () => {
		test('does not open a run that is held, not even for its holder', async () => {
			const {store, log} = await newRun(plain);
			for (const takeOver of [false, true]) {
				const error = await store.open(log.run, {takeOver}).catch((thrown: unknown) => thrown);
				expect(error).toBeInstanceOf(RunHeldError);
				expect(error).toMatchObject({
					owner: {name: expect.stringContaining(String(process.pid))},
					unknown: false,
				});
			}

			expect(await store.owner(log.run)).toEqual({
				name: expect.stringContaining(`process ${process.pid} on `),
			});
		});

		test('opens a closed run under the next epoch, with all its events', async () => {
			const {store, log} = await newRun(plain);
			log.append(paused({run: log.run, seq: 2}));
			await log.close();
			expect(await store.owner(log.run)).toBeUndefined();

			const again = await store.open(log.run, {takeOver: false});
			expect(again.log.epoch).toBe(2);
			expect(again.events).toEqual([runStarted(log.run), paused({run: log.run, seq: 2})]);
			again.log.append(paused({run: log.run, seq: 3, epoch: 2}));
			await again.log.close();
			expect((await store.read(log.run)).events).toHaveLength(3);
		});

		test('lets one of many openers win', async () => {
			const {store, log} = await newRun(plain);
			await log.close();
			for (let round = 0; round < 5; round += 1) {
				const opened = await Promise.allSettled(
					Array.from({length: 8}, () => store.open(log.run, {takeOver: false})),
				);
				const won = opened.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
				const lost = opened.flatMap(result =>
					result.status === 'rejected' ? [result.reason] : [],
				);
				expect(won).toHaveLength(1);
				for (const error of lost) {
					expect(error).toBeInstanceOf(RunHeldError);
				}
				await won[0]?.log.close();
			}
		});

		test('does not lose a run that it holds, nor by giving it up', async () => {
			const {log} = await newRun(plain);
			log.append(paused({run: log.run, seq: 2}));
			await log.close();
			expect(log.lost.aborted).toBe(false);
		});

		test('takes nothing more after it was closed', async () => {
			const {store, log} = await newRun(plain);
			await Promise.all([log.close(), log.close()]);
			expect(() => log.append(paused({run: log.run, seq: 2}))).toThrow('closed');
			expect(() => log.putBlob('x')).toThrow('closed');
			await expect(log.barrier()).rejects.toThrow('closed');
			log.transcribe('teammate-1', 'text', 'late');
			expect((await store.read(log.run)).events).toHaveLength(1);
			expect(await store.readTranscript(log.run, 'teammate-1')).toEqual([]);
		});
	});
}
