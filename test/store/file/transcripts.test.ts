import {readdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {createTranscripts, transcriptName} from '../../../source/store/file/transcripts.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';
import {patience} from '../../helpers/patience.ts';

describe('transcripts', () => {
	test('keep the lines of each agent, without secrets', async () => {
		const directory = await temporaryDirectory();
		const transcripts = create(directory);
		transcripts.add('lead', 'text', 'hello hunter2');
		transcripts.add('teammate-1', 'text', 'two\nlines');
		transcripts.add('lead', 'text', 'again');
		await vi.waitFor(async () => expect(await readdir(directory)).toHaveLength(2), patience);
		transcripts.add('lead', 'text', 'last');
		await transcripts.flush();

		const time = '2026-11-22T10:00:00.000Z';
		expect(await linesOf(join(directory, 'lead.jsonl'))).toEqual([
			{time, kind: 'text', text: 'hello [secret]'},
			{time, kind: 'text', text: 'again'},
			{time, kind: 'text', text: 'last'},
		]);
		expect(await linesOf(join(directory, 'teammate-1.jsonl'))).toEqual([
			{time, kind: 'text', text: 'two\nlines'},
		]);
	});

	test('are written at most 20 times a second', async () => {
		vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
		try {
			const append = vi.fn(async () => undefined);
			const transcripts = createTranscripts('/t', {redact: text => text, now: () => 0, append});
			for (let count = 0; count < 1000; count += 1) {
				transcripts.add('lead', 'text', 'x');
				await vi.advanceTimersByTimeAsync(1);
			}

			expect(append).toHaveBeenCalledTimes(20);
			await transcripts.flush();
			const line = '{"time":"1970-01-01T00:00:00.000Z","kind":"text","text":"x"}\n';
			expect(append.mock.calls.flat().join('')).toBe(
				Array.from({length: 20}, () => `/t/lead.jsonl${line.repeat(50)}`).join(''),
			);
		} finally {
			vi.useRealTimers();
		}
	});

	test('ignore a disk that refuses', async () => {
		const directory = await temporaryDirectory();
		const transcripts = create(directory);
		await rm(directory, {recursive: true});
		transcripts.add('lead', 'text', 'lost');
		await expect(transcripts.flush()).resolves.toBeUndefined();
	});
});

describe('the file of a transcript', () => {
	test('is the name of the agent where that is safe', () => {
		expect(transcriptName('teammate-1')).toBe('teammate-1.jsonl');
	});

	test('differs for different names and stays a plain name', () => {
		const names = [
			'',
			'.',
			'..',
			'../x',
			'a/b',
			'Lead',
			'lead',
			'日本',
			'a b',
			'x'.repeat(300),
			'x'.repeat(301),
		];
		const files = names.map(transcriptName);
		expect(new Set(files.map(file => file.toLowerCase())).size).toBe(names.length);
		for (const file of files) {
			expect(file).toMatch(/^[a-z0-9_%-]{1,100}\.jsonl$/);
		}
	});
});

function create(directory: string) {
	return createTranscripts(directory, {
		redact: text => text.replaceAll('hunter2', '[secret]'),
		now: () => Date.parse('2026-11-22T10:00:00Z'),
	});
}

async function linesOf(path: string): Promise<unknown[]> {
	const text = await readFile(path, 'utf8');
	return text
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as unknown);
}
