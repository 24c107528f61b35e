import {
	appendFile,
	copyFile,
	mkdir,
	readdir,
	readFile,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import {crc32} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {decodeLog, logStart} from '../../../source/store/file/decode-log.ts';
import {encodeEventLine} from '../../../source/store/log-line.ts';
import {createFileStore} from '../../../source/store/file/store.ts';
import type {Store} from '../../../source/store/store.ts';
import {paused, recordedRun, runStarted} from '../../helpers/store-events.ts';
import {unsyncedFileSystem} from '../../helpers/store-faults.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

const run = 'calm-river';
const keep = (text: string) => text;
const recorded = recordedRun(run, 4);
const lines = recorded.map(event => encodeEventLine(event, keep));
const recordedLog = Buffer.from(lines.join(''));
/** Byte offsets at which a line ends. */
const lineEnds = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('')));

describe('opening a log after a crash', () => {
	test('opens with the whole events before the cut, wherever the file was cut', async () => {
		const {store, write, logPath} = await storeWithRun();
		for (let cut = lineEnds[0] ?? 0; cut <= recordedLog.length; cut += 1) {
			await write(recordedLog.subarray(0, cut));
			const whole = lineEnds.filter(end => end <= cut);
			expect(await store.read(run)).toEqual({
				events: recorded.slice(0, whole.length),
				torn: whole.at(-1) !== cut,
			});

			const {log, events} = await store.open(run, {takeOver: false});
			expect(events).toEqual(recorded.slice(0, whole.length));
			log.append(paused({run, seq: events.length + 1, epoch: log.epoch}));
			await log.close();
			expect((await store.read(run)).events).toHaveLength(events.length + 1);
			expect((await readFile(logPath)).subarray(0, whole.at(-1))).toEqual(
				recordedLog.subarray(0, whole.at(-1)),
			);
		}
	});

	test('keeps what was torn off, and says so', async () => {
		const {store, write, logPath, warnings} = await storeWithRun();
		await write(recordedLog.subarray(0, recordedLog.length - 10));
		await (await store.open(run, {takeOver: false})).log.close();
		expect(await readFile(`${logPath}.torn`, 'utf8')).toBe(lines.at(-1)?.slice(0, -10));
		expect(warnings).toEqual([expect.stringContaining(`moved to ${logPath}.torn`)]);
	});

	test('neither reads nor opens a log without one whole event, and leaves it as it is', async () => {
		const {store, write, logPath} = await storeWithRun();
		for (const cut of [0, 1, (lineEnds[0] ?? 0) - 1]) {
			await write(recordedLog.subarray(0, cut));
			const damage = {kind: 'damaged', message: expect.stringContaining('no complete event')};
			await expect(store.read(run)).rejects.toMatchObject(damage);
			await expect(store.open(run, {takeOver: false})).rejects.toMatchObject(damage);
			expect(await readFile(logPath)).toHaveLength(cut);
			expect(await store.owner(run)).toBeUndefined();
		}
	});

	test('notices every changed bit of the last lines', () => {
		for (let place = lineEnds[1] ?? 0; place < recordedLog.length; place += 1) {
			for (let bit = 1; bit < 256; bit *= 2) {
				const flipped = Buffer.from(recordedLog);
				flipped[place] = (flipped[place] ?? 0) ^ bit;
				const read = readOrDamage(flipped);
				if (read === 'damaged') {
					continue;
				}
				expect(read.length).toBeLessThan(recorded.length);
				expect(read).toEqual(recorded.slice(0, read.length));
			}
		}
	});

	test('takes a last line with a wrong checksum for torn', async () => {
		const {store, write} = await storeWithRun();
		const flipped = Buffer.from(recordedLog);
		flipped[flipped.length - 40] = 0;
		await write(flipped);
		const {log, events} = await store.open(run, {takeOver: false});
		expect(events).toEqual(recorded.slice(0, -1));
		await log.close();
	});

	test('stops at damage in the middle, and names file, line, byte and what to do', async () => {
		const {store, write, logPath} = await storeWithRun();
		const flipped = Buffer.from(recordedLog);
		flipped[(lineEnds[1] ?? 0) + 30] = 0;
		await write(flipped);
		const problem = {
			name: 'StoreError',
			kind: 'damaged',
			message: expect.stringContaining(`${logPath}: line 3 (byte ${lineEnds[1]}) is damaged`),
			hint: expect.stringContaining(`truncate -s ${lineEnds[1]}`),
		};
		await expect(store.open(run, {takeOver: false})).rejects.toMatchObject(problem);
		await expect(store.read(run)).rejects.toMatchObject(problem);
		expect(await readFile(logPath)).toEqual(flipped);

		await write(recordedLog);
		const {log} = await store.open(run, {takeOver: false});
		await log.close();
	});

	test('stops at a missing or repeated event', async () => {
		const {store, write} = await storeWithRun();
		await write(Buffer.from(lines.toSpliced(2, 1).join('')));
		await expect(store.read(run)).rejects.toThrow('found event 4 instead of event 3');
		await write(Buffer.from(lines.toSpliced(2, 0, lines[1] ?? '').join('')));
		await expect(store.read(run)).rejects.toThrow('found event 2 instead of event 3');
	});

	test('says that a newer version wrote a line, also the last one', async () => {
		const {store, write} = await storeWithRun();
		const newer = lineOfNewerVersion({...paused({run, seq: 5}), type: 'agent-teleported'});
		await write(Buffer.from(lines.join('') + newer));
		await expect(store.open(run, {takeOver: false})).rejects.toMatchObject({
			kind: 'damaged',
			message: expect.stringMatching(/line 5 .* newer version .*agent-teleported/),
		});
	});

	test('does not count lines of a writer that had been superseded', async () => {
		const {store, write} = await storeWithRun();
		const successor = paused({run, seq: 5, epoch: 2}, 'successor');
		const late = paused({run, seq: 5, epoch: 1}, 'late');
		const next = paused({run, seq: 6, epoch: 2}, 'next');
		const tail = [successor, late, next].map(event => encodeEventLine(event, keep));
		await write(Buffer.from(lines.join('') + tail.join('')));
		expect((await store.read(run)).events).toEqual([...recorded, successor, next]);
	});

	test('goes on under a higher epoch when the locks got lost', async () => {
		const {store, write, directory} = await storeWithRun();
		const last = paused({run, seq: 5, epoch: 7});
		await write(Buffer.from(lines.join('') + encodeEventLine(last, keep)));
		for (const name of await readdir(directory)) {
			if (/^(lock|closed)\./.test(name)) {
				await rm(join(directory, name));
			}
		}

		const {log} = await store.open(run, {takeOver: false});
		expect(log.epoch).toBe(8);
		log.append(paused({run, seq: 6, epoch: 8}));
		await log.close();
		expect((await store.read(run)).events).toHaveLength(6);
	});

	test('opens a run of which only the log was kept', async () => {
		const {store, directory, root} = await storeWithRun();
		await mkdir(join(root, 'copied'));
		await copyFile(join(directory, 'events.jsonl'), join(root, 'copied', 'events.jsonl'));
		const {log, events} = await store.open('copied', {takeOver: false});
		expect(events).toHaveLength(1);
		log.putBlob('x');
		await log.close();
	});

	test('does not read a blob that is not what its name says, and replaces it when it is put again', async () => {
		const {store, directory} = await storeWithRun();
		const {log} = await store.open(run, {takeOver: false});
		const hash = log.putBlob('hello');
		await log.close();
		await writeFile(join(directory, 'blobs', hash), 'hellx');
		expect(await store.readBlob(run, hash)).toBeUndefined();

		const {log: next} = await store.open(run, {takeOver: false});
		next.putBlob('hello');
		expect(await next.readBlob(hash)).toBe('hello');
		await next.close();
	});
});

describe('the folder of a run', () => {
	test('is closed to others, and holds one line an event', async () => {
		const {store, directory} = await storeWithRun();
		await appendFile(join(directory, 'note'), '');
		const {log} = await store.open(run, {takeOver: false});
		log.putBlob('x');
		log.transcribe('lead', 'text', 'hello');
		await log.close();
		const names = (await readdir(directory, {recursive: true})).filter(name => name !== 'note');
		for (const name of names) {
			const stats = await stat(join(directory, name));
			expect([name, (stats.mode & 0o777).toString(8)]).toEqual([
				name,
				stats.isDirectory() ? '700' : '600',
			]);
		}

		expect(names.sort()).toMatchInlineSnapshot(`
			[
			  "blobs",
			  "blobs/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
			  "closed.1",
			  "closed.2",
			  "events.jsonl",
			  "inbox",
			  "inbox/bad",
			  "inbox/new",
			  "inbox/tmp",
			  "lock.1",
			  "lock.2",
			  "transcripts",
			  "transcripts/lead.jsonl",
			]
		`);
	});
});

async function storeWithRun() {
	const root = join(await temporaryDirectory(), 'runs');
	const warnings: string[] = [];
	const store: Store = createFileStore({
		directory: root,
		redact: keep,
		fileSystem: unsyncedFileSystem,
		warn: message => warnings.push(message),
	});
	const log = await store.create(runStarted(run), []);
	await log.close();
	const directory = join(root, run);
	const logPath = join(directory, 'events.jsonl');
	return {
		store,
		root,
		directory,
		logPath,
		warnings,
		write: (bytes: Buffer) => writeFile(logPath, bytes),
	};
}

function readOrDamage(bytes: Buffer) {
	try {
		return decodeLog(bytes, logStart, 'events.jsonl').events;
	} catch {
		return 'damaged';
	}
}

function lineOfNewerVersion(event: object): string {
	const json = JSON.stringify(event);
	return `${json.slice(0, -1)},"crc":"${crc32(json).toString(16).padStart(8, '0')}"}\n`;
}
