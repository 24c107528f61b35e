import {appendFile, rm, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import type {RunEvent} from '../../../source/core/run-event.ts';
import {encodeEventLine} from '../../../source/store/log-line.ts';
import {createFileStore} from '../../../source/store/file/store.ts';
import {nodeFileSystem} from '../../../source/store/file/file-system.ts';
import {paused, runStarted} from '../../helpers/store-events.ts';
import {untilTestEnds} from '../../helpers/store-reading.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

const run = 'calm-river';
const lineOf = (event: RunEvent) => encodeEventLine(event, text => text);

describe('following a log file', () => {
	test('waits for the rest of a line, in whatever pieces it comes', async () => {
		const {path, events} = await followed();
		const line = Buffer.from(lineOf(paused({run, seq: 2}, '日本')));
		const second = events.next();
		for (const byte of line) {
			await appendFile(path, Buffer.from([byte]));
		}
		expect((await second).value).toEqual(paused({run, seq: 2}, '日本'));
	});

	test('never gives a torn last line, and goes on after it was cut off', async () => {
		const {path, events} = await followed();
		const second = lineOf(paused({run, seq: 2}));
		const torn = lineOf(paused({run, seq: 3}, 'torn')).replace('torn', 'tern');
		await appendFile(path, second + torn);
		expect((await events.next()).value).toMatchObject({seq: 2});
		const third = events.next();
		await truncate(path, Buffer.byteLength(lineOf(runStarted(run)) + second));
		await appendFile(path, lineOf(paused({run, seq: 3}, 'whole')));
		expect((await third).value).toMatchObject({reason: 'whole'});
	});

	test('rejects at damage that is no torn end', async () => {
		const {path, events} = await followed();
		const second = events.next();
		second.catch(() => undefined);
		await appendFile(path, `damage\n${lineOf(paused({run, seq: 2}))}`);
		await expect(second).rejects.toMatchObject({kind: 'damaged'});
		expect(await events.next()).toEqual({value: undefined, done: true});
	});

	test('rejects when the run is removed', async () => {
		const {directory, events} = await followed();
		const second = events.next();
		second.catch(() => undefined);
		await rm(directory, {recursive: true});
		await expect(second).rejects.toMatchObject({name: 'StoreError'});
	});

	test('polls when the system gives no hints', async () => {
		const {path, events} = await followed(() => () => undefined);
		const second = events.next();
		await appendFile(path, lineOf(paused({run, seq: 2})));
		expect((await second).value).toMatchObject({seq: 2});
	});

	test('sees changes at once when the system gives hints', async () => {
		const {path, events} = await followed(nodeFileSystem.watch, 3_600_000);
		const second = events.next();
		await appendFile(path, lineOf(paused({run, seq: 2})));
		expect((await second).value).toMatchObject({seq: 2});
	});

	test('stops watching when its reader leaves', async () => {
		const stopped = vi.fn<() => void>();
		const {events} = await followed(() => stopped);
		expect(stopped).not.toHaveBeenCalled();
		await events.return?.();
		expect(stopped).toHaveBeenCalledOnce();
	});
});

/** A run with one event, which the returned iterator has given already. */
async function followed(watch = nodeFileSystem.watch, pollMs = 5) {
	const root = join(await temporaryDirectory(), 'runs');
	const store = createFileStore({
		directory: root,
		redact: text => text,
		pollMs,
		fileSystem: {...nodeFileSystem, watch},
	});
	const log = await store.create(runStarted(run), []);
	await log.close();
	const events = store.follow(run, 0, untilTestEnds())[Symbol.asyncIterator]();
	expect((await events.next()).value).toEqual(runStarted(run));
	const directory = join(root, run);
	return {directory, path: join(directory, 'events.jsonl'), events};
}
