import {statSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {parseJson} from '../../core/json.ts';
import type {TranscriptLine} from '../../core/run.ts';
import {createChanges} from '../changes.ts';
import {hasCode} from '../store-problem.ts';
import {transcriptName} from './transcripts.ts';
import {type WatchOptions, watchFolder} from './watch-folder.ts';

const lineSchema = z.object({
	time: z.string(),
	kind: z.enum(['text', 'thinking']).default('text'),
	text: z.string(),
});

/** The file of an agent's transcript in the folder of a run. */
export function transcriptPath(directory: string, agent: string): string {
	return join(directory, 'transcripts', transcriptName(agent));
}

/** The lines of a transcript; none when there is no such file. What is no line is left out. */
export async function readTranscriptFile(path: string): Promise<readonly TranscriptLine[]> {
	const lines: TranscriptLine[] = [];
	for await (const line of newLines(path, startAt(0))) {
		lines.push(line);
	}

	return lines;
}

/** Where a transcript ends now, in bytes; 0 when there is none. */
export function transcriptEnd(path: string): number {
	return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}

/**
 * The lines behind a place of a transcript, then each new one, until aborted. A file that became
 * shorter was written anew and is read from its start.
 */
export async function* followTranscriptFile(
	directory: string,
	path: string,
	end: number,
	signal: AbortSignal,
	options: WatchOptions,
): AsyncGenerator<TranscriptLine, void, undefined> {
	const ended = new AbortController();
	const watching = AbortSignal.any([signal, ended.signal]);
	const changes = createChanges(watching);
	const place = startAt(end);
	try {
		watchFolder(join(directory, 'transcripts'), changes.report, watching, options);
		while (!signal.aborted) {
			for await (const line of newLines(path, place)) {
				if (signal.aborted) return;
				yield line;
			}

			await changes.next();
		}
	} finally {
		ended.abort();
	}
}

/** How far a transcript is read, and the bytes before that place that were no whole line yet. */
type Place = {offset: number; rest: Buffer};

function startAt(offset: number): Place {
	return {offset, rest: Buffer.alloc(0)};
}

const chunkBytes = 64 * 1024;

/** Reads from a place, which is moved on, to the end of the file: a chunk at a time. */
async function* newLines(
	path: string,
	place: Place,
): AsyncGenerator<TranscriptLine, void, undefined> {
	const file = await openIfThere(path);
	if (!file) {
		Object.assign(place, startAt(0));
		return;
	}

	try {
		if ((await file.stat()).size < place.offset) Object.assign(place, startAt(0));
		const chunk = Buffer.allocUnsafe(chunkBytes);
		for (;;) {
			const {bytesRead} = await file.read(chunk, 0, chunkBytes, place.offset);
			if (bytesRead === 0) return;
			place.offset += bytesRead;
			const bytes = Buffer.concat([place.rest, chunk.subarray(0, bytesRead)]);
			const whole = bytes.lastIndexOf(newline) + 1;
			place.rest = bytes.subarray(whole);
			yield* linesIn(bytes.toString('utf8', 0, whole));
		}
	} finally {
		await file.close();
	}
}

const newline = 0x0a;

function linesIn(text: string): readonly TranscriptLine[] {
	return text.split('\n').flatMap(line => lineSchema.safeParse(parseJson(line)).data ?? []);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
	try {
		return await open(path, 'r');
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return undefined;
		throw error;
	}
}
