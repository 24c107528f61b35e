import {stat} from 'node:fs/promises';
import {describe, expect, it, vi} from 'vitest';
import type {RunCommand} from '../../source/core/command.ts';
import {type RunLog, RunHeldError, type Store} from '../../source/store/store.ts';
import {paused, runStarted} from '../helpers/store-events.ts';
import {nextEntries, nextOf, sha256, untilTestEnds} from '../helpers/store-reading.ts';

/** What every store keeps. `createStore` gives a new, empty one; it may use `onTestFinished`. */
export function describeStore(
	name: string,
	createStore: (options: {readonly redact: (text: string) => string}) => Promise<Store>,
): void {
	const plain = () => createStore({redact: text => text});

	describe(`${name}: creating runs`, () => {
		it('makes a run that others see, with its first event and blobs', async () => {
			const store = await plain();
			const task = 'long task '.repeat(1000);
			const first = runStarted('calm-river', {blob: sha256(task), bytes: task.length});
			const log = await store.create(first, [task]);

			expect(log).toMatchObject({run: 'calm-river', epoch: 1});
			expect(await store.read('calm-river')).toEqual({events: [first], torn: false});
			expect(await store.readBlob('calm-river', sha256(task))).toBe(task);
			expect(await store.list()).toEqual([{run: 'calm-river', changedAt: expect.any(Number)}]);
			expect(store.locate('calm-river')).toContain('calm-river');
		});

		it('refuses a name that is taken, and leaves its run as it was', async () => {
			const store = await plain();
			const first = runStarted('calm-river');
			await store.create(first, []);
			await expect(store.create(runStarted('calm-river', 'Other'), [])).rejects.toMatchObject({
				name: 'StoreError',
				message: expect.stringContaining('calm-river exists already'),
			});
			expect((await store.read('calm-river')).events).toEqual([first]);
			expect(await store.list()).toHaveLength(1);
		});

		it('lets one of several creators of the same run succeed', async () => {
			const store = await plain();
			const made = await Promise.allSettled(
				['a', 'b', 'c'].map(task => store.create(runStarted('calm-river', task), [])),
			);
			expect(made.filter(result => result.status === 'fulfilled')).toHaveLength(1);
		});

		it('knows no runs at first', async () => {
			expect(await (await plain()).list()).toEqual([]);
		});

		it.each(['', '.', '..', '../up', 'a/b', '/etc', '-x', 'Upper', 'a b', 'a'.repeat(101), 'a\0b'])(
			'refuses %j as a name',
			async run => {
				const store = await plain();
				await expect(store.create(runStarted(run), [])).rejects.toThrow('not a name');
				await expect(store.open(run, {takeOver: false})).rejects.toThrow('not a name');
				await expect(store.read(run)).rejects.toThrow('not a name');
				await expect(store.post(run, {type: 'pause'})).rejects.toThrow('not a name');
				expect(() => store.locate(run)).toThrow('not a name');
			},
		);

		it('says that a run is missing', async () => {
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

		it('lists the run that changed last first', async () => {
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
				});
			}
		});
	});

	describe(`${name}: writing and reading`, () => {
		it('gives back what was appended, in order', async () => {
			const {store, log} = await newRun(plain);
			const events = [2, 3, 4].map(seq => paused({run: log.run, seq}, `"quoted"\n日本 ${seq}`));
			for (const event of events) log.append(event);
			await log.barrier();
			expect((await store.read(log.run)).events.slice(1)).toEqual(events);
			expect((await store.read(log.run, 3)).events).toEqual(events.slice(2));
			expect((await store.read(log.run, 9)).events).toEqual([]);
		});

		it('refuses an event that is not the next of this writer', async () => {
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

		it('keeps texts under their SHA-256', async () => {
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

		it('lets no secret in, also none of several lines', async () => {
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

		it('takes live lines of any agent', async () => {
			const {log} = await newRun(plain);
			log.transcribe('teammate-1', 'text', 'hello');
			log.transcribe('../../x', 'text', 'hello');
			log.transcribe('', 'text', 'hello');
			await expect(log.close()).resolves.toBeUndefined();
		});

		it('has a directory for working files', async () => {
			const {log} = await newRun(plain);
			const directory = await log.workDirectory();
			expect((await stat(directory)).isDirectory()).toBe(true);
			expect((await stat(directory)).mode & 0o777).toBe(0o700);
			expect(await log.workDirectory()).toBe(directory);
		});
	});

	describe(`${name}: one writer`, () => {
		it('does not open a run that is held, not even for its holder', async () => {
			const {store, log} = await newRun(plain);
			for (const takeOver of [false, true]) {
				const error = await store.open(log.run, {takeOver}).catch((thrown: unknown) => thrown);
				expect(error).toBeInstanceOf(RunHeldError);
				expect(error).toMatchObject({owner: {pid: process.pid}, unknown: false});
			}

			expect(await store.owner(log.run)).toMatchObject({pid: process.pid});
		});

		it('opens a closed run under the next epoch, with all its events', async () => {
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

		it('lets one of many openers win', async () => {
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
				for (const error of lost) expect(error).toBeInstanceOf(RunHeldError);
				await won[0]?.log.close();
			}
		});

		it('takes nothing more after it was closed', async () => {
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

	describe(`${name}: transcripts`, () => {
		const said = (kind: 'text' | 'thinking', text: string) => ({
			time: expect.stringMatching(/^\d{4}-.*Z$/),
			kind,
			text,
		});

		it('keep what each agent said, without secrets, also over a change of the writer', async () => {
			const {store, log} = await newRun(() =>
				createStore({redact: text => text.replaceAll('hunter2', '[secret]')}),
			);
			log.transcribe('lead', 'thinking', 'hm\n日本');
			log.transcribe('lead', 'text', 'the key is hunter2');
			log.transcribe('../x', 'text', 'I am another');
			expect(await log.readTranscript('lead')).toHaveLength(2);
			await log.close();
			const next = await store.open(log.run, {takeOver: false});
			next.log.transcribe('lead', 'text', 'again');
			await next.log.close();
			expect(await store.readTranscript(log.run, 'lead')).toEqual([
				said('thinking', 'hm\n日本'),
				said('text', 'the key is [secret]'),
				said('text', 'again'),
			]);
			expect(await store.readTranscript(log.run, '../x')).toEqual([said('text', 'I am another')]);
			expect(await store.readTranscript(log.run, 'nobody')).toEqual([]);
		});

		it('can be followed from now on, by several at once, until they leave', async () => {
			const {store, log} = await newRun(plain);
			log.transcribe('lead', 'text', 'before');
			expect(await log.readTranscript('lead')).toHaveLength(1);
			const stop = new AbortController();
			const follow = (agent: string) =>
				store.followTranscript(log.run, agent, stop.signal)[Symbol.asyncIterator]();
			const [one, two, other] = [follow('lead'), follow('lead'), follow('teammate-1')];
			const firsts = [one.next(), two.next(), other.next()];
			log.transcribe('lead', 'text', 'first');
			log.transcribe('lead', 'thinking', 'second');
			log.transcribe('teammate-1', 'text', 'hello');
			expect((await Promise.all(firsts)).map(({value}) => value)).toEqual([
				said('text', 'first'),
				said('text', 'first'),
				said('text', 'hello'),
			]);
			expect((await one.next()).value).toEqual(said('thinking', 'second'));
			const last = one.next();
			stop.abort();
			expect(await last).toEqual({value: undefined, done: true});
		});

		it('are no change of a run', async () => {
			const {store, log} = await newRun(plain);
			const [before] = await store.list();
			log.transcribe('lead', 'text', 'hello');
			await log.readTranscript('lead');
			expect(await store.list()).toEqual([before]);
		});
	});

	describe(`${name}: following`, () => {
		it('gives the events so far, then new ones as they come, and ends when aborted', async () => {
			const {store, log} = await newRun(plain);
			log.append(paused({run: log.run, seq: 2}));
			await log.barrier();
			const stop = new AbortController();
			const events = store.follow(log.run, 1, stop.signal)[Symbol.asyncIterator]();

			expect((await events.next()).value).toEqual(paused({run: log.run, seq: 2}));
			const third = events.next();
			log.append(paused({run: log.run, seq: 3}));
			expect((await third).value).toEqual(paused({run: log.run, seq: 3}));

			const fourth = events.next();
			stop.abort();
			expect(await fourth).toEqual({value: undefined, done: true});
		});

		it('goes on over a change of the writer', async () => {
			const {store, log} = await newRun(plain);
			const events = store.follow(log.run, 1, untilTestEnds())[Symbol.asyncIterator]();
			const second = events.next();
			await log.close();
			const next = await store.open(log.run, {takeOver: false});
			next.log.append(paused({run: log.run, seq: 2, epoch: 2}));
			expect((await second).value).toMatchObject({seq: 2, epoch: 2});
		});

		it('gives nothing when it is aborted before', async () => {
			const {store, log} = await newRun(plain);
			expect(await nextOf(store.follow(log.run, 0, AbortSignal.abort()))).toBeUndefined();
		});
	});

	describe(`${name}: inbox`, () => {
		it('hands out commands oldest first until they are removed', async () => {
			const {store, log} = await newRun(plain);
			const commands: RunCommand[] = ['a', 'b', 'c', 'd'].map(subtask => ({
				type: 'cancel',
				subtask,
			}));
			const ids: string[] = [];
			for (const command of commands) ids.push(await store.post(log.run, command));

			const expected = commands.map((command, index) => ({id: ids[index], command}));
			expect(await log.inbox.take()).toEqual(expected);
			expect(new Set(ids).size).toBe(4);
			await log.inbox.remove(ids[1] ?? '');
			await log.inbox.remove('no-such-id');
			expect(await log.inbox.take()).toEqual(expected.toSpliced(1, 1));
		});

		it('keeps commands for a run that nobody holds', async () => {
			const {store, log} = await newRun(plain);
			await log.close();
			const command: RunCommand = {
				type: 'decide',
				approval: 'a1',
				decision: 'approve',
				scope: 'once',
			};
			const id = await store.post(log.run, command);
			const {log: next} = await store.open(log.run, {takeOver: false});
			expect(await next.inbox.take()).toEqual([{id, command}]);
		});

		it('wakes the holder when a command comes', async () => {
			const {store, log} = await newRun(plain);
			const taken = nextEntries(log, untilTestEnds());
			await store.post(log.run, {type: 'pause'});
			expect(await taken).toMatchObject([{command: {type: 'pause'}}]);
		});

		it('wakes nobody after the watch was aborted', async () => {
			const {store, log} = await newRun(plain);
			const stop = new AbortController();
			const wake = vi.fn<() => void>();
			log.inbox.watch(wake, stop.signal);
			stop.abort();
			wake.mockClear();
			const others = nextEntries(log, untilTestEnds());
			await store.post(log.run, {type: 'pause'});
			await others;
			await new Promise(resolve => setImmediate(resolve));
			expect(wake).not.toHaveBeenCalled();
		});
	});
}

async function newRun(createStore: () => Promise<Store>): Promise<{store: Store; log: RunLog}> {
	const store = await createStore();
	return {store, log: await store.create(runStarted('calm-river'), [])};
}
