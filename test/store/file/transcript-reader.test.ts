import {appendFile, mkdir, open, rm, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {TranscriptLine} from '../../../source/core/run.ts';
import {nodeFileSystem} from '../../../source/store/file/file-system.ts';
import {
	followTranscriptFile,
	readTranscriptFile,
	transcriptEnd,
	transcriptPath,
} from '../../../source/store/file/transcript-reader.ts';
import {untilTestEnds} from '../../helpers/store-reading.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

const time = '2026-11-22T10:00:00.000Z';
const said = (text: string): TranscriptLine => ({time, kind: 'text', text});
const lineOf = (text: string) => `${JSON.stringify(said(text))}\n`;

describe('a transcript', () => {
	test('is read without what is no line, in chunks of any size', async () => {
		const {path} = await folder();
		const long = '日本'.repeat(50_000);
		await writeFile(
			path,
			[
				lineOf('one'),
				'\n',
				'{"time":"x"}\n',
				'nonsense\n',
				`${JSON.stringify({time, text: 'of an older version'})}\n`,
				`${JSON.stringify({time, kind: 'shouting', text: 'x'})}\n`,
				lineOf(long),
				lineOf('last'),
				'{"time":"torn',
			].join(''),
		);
		expect(await readTranscriptFile(path)).toEqual(
			['one', 'of an older version', long, 'last'].map(said),
		);
	});

	test('that is not there has no lines and no end', async () => {
		const {path} = await folder();
		expect(await readTranscriptFile(path)).toEqual([]);
		expect(transcriptEnd(path)).toBe(0);
	});
});

describe('following a transcript', () => {
	test('waits for its file, and for the rest of a line, in whatever pieces it comes', async () => {
		const {path, follow} = await folder();
		const lines = follow();
		const first = lines.next();
		for (const byte of Buffer.from(lineOf('日本'))) {
			await appendFile(path, Buffer.from([byte]));
		}
		expect((await first).value).toEqual(said('日本'));
	});

	test('begins behind what is there, and reads nothing of it again', async () => {
		const {path, follow} = await folder();
		const past = lineOf('past');
		await writeFile(path, past);
		const lines = follow();
		await appendFile(path, lineOf('first'));
		expect((await lines.next()).value).toEqual(said('first'));
		const file = await open(path, 'r+');
		await file.write(lineOf('fake'), 0);
		await file.close();
		await appendFile(path, lineOf('next'));
		expect((await lines.next()).value).toEqual(said('next'));
	});

	test('starts over when the file is cut, and goes on when it is removed', async () => {
		const {path, follow} = await folder();
		await writeFile(path, lineOf('a long line of the past'));
		const lines = follow();
		const second = lines.next();
		await truncate(path, 0);
		await appendFile(path, lineOf('new'));
		expect((await second).value).toEqual(said('new'));
		await rm(path);
		await writeFile(path, lineOf('n'));
		expect((await lines.next()).value).toEqual(said('n'));
	});

	test('goes on behind what is no line', async () => {
		const {path, follow} = await folder();
		const lines = follow();
		await appendFile(path, `nonsense\n${lineOf('sense')}`);
		expect((await lines.next()).value).toEqual(said('sense'));
	});

	test('needs neither hints nor the folder of transcripts', async () => {
		const {directory, path, follow} = await folder(() => {
			throw new Error('no hints here');
		});
		await rm(join(directory, 'transcripts'), {recursive: true});
		const lines = follow();
		const first = lines.next();
		await mkdir(join(directory, 'transcripts'));
		await appendFile(path, lineOf('late'));
		expect((await first).value).toEqual(said('late'));
	});

	test('stops watching when its reader leaves', async () => {
		let watching = 0;
		const {path, follow} = await folder(() => {
			watching += 1;
			return () => {
				watching -= 1;
			};
		});
		const lines = follow();
		await appendFile(path, lineOf('one'));
		await lines.next();
		expect(watching).toBe(1);
		await lines.return?.();
		expect(watching).toBe(0);
	});
});

async function folder(watch = nodeFileSystem.watch) {
	const directory = await temporaryDirectory();
	await mkdir(join(directory, 'transcripts'));
	const path = transcriptPath(directory, 'lead');
	const follow = () =>
		followTranscriptFile(directory, path, transcriptEnd(path), untilTestEnds(), {
			fileSystem: {watch},
			pollMs: 5,
		})[Symbol.asyncIterator]();
	return {directory, path, follow};
}
