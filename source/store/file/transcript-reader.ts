import {statSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {parseJson} from '../../core/json.ts';
import type {TranscriptLine} from '../../core/run.ts';
import {createChangeSignal} from '../change-signal.ts';
import {hasCode} from '../store-errors.ts';
import {transcriptName} from './transcripts.ts';
import {type WatchOptions, watchFolder} from './watch-folder.ts';

const lineSchema = z.object({
	time: z.string(),
	kind: z.enum(['text', 'thinking']).default('text'),
	text: z.string(),
});

/** The transcript file of an agent in a run's folder. */
export function transcriptPath(directory: string, agent: string): string {
	return join(directory, 'transcripts', transcriptName(agent));
}

/** The lines of a transcript; empty if the file does not exist. Invalid lines are skipped. */
export async function readTranscriptFile(path: string): Promise<readonly TranscriptLine[]> {
	const lines: TranscriptLine[] = [];
	for await (const line of newLines(path, startAt(0))) {
		lines.push(line);
	}

	return lines;
}

/** Current length of a transcript in bytes; 0 if there is none. */
export function transcriptEnd(path: string): number {
	return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}

/**
 * The lines after a position of a transcript, then each new one, until aborted. If the file
 * shrinks, it was rewritten and is read from its start.
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
	const changes = createChangeSignal(watching);
	const place = startAt(end);
	try {
		watchFolder(join(directory, 'transcripts'), changes.report, watching, options);
		while (!signal.aborted) {
			for await (const line of newLines(path, place)) {
				if (signal.aborted) {
					return;
				}
				yield line;
			}

			await changes.next();
		}
	} finally {
		ended.abort();
	}
}

/** How far a transcript was read, and the incomplete line before that position. */
type ReadPosition = {offset: number; rest: Buffer};

function startAt(offset: number): ReadPosition {
	return {offset, rest: Buffer.alloc(0)};
}

const chunkBytes = 64 * 1024;

/** Reads from a position, which it advances, to the end of the file, in chunks. */
async function* newLines(
	path: string,
	place: ReadPosition,
): AsyncGenerator<TranscriptLine, void, undefined> {
	const file = await openIfExists(path);
	if (!file) {
		Object.assign(place, startAt(0));
		return;
	}

	try {
		if ((await file.stat()).size < place.offset) {
			Object.assign(place, startAt(0));
		}
		const chunk = Buffer.allocUnsafe(chunkBytes);
		for (;;) {
			const {bytesRead} = await file.read(chunk, 0, chunkBytes, place.offset);
			if (bytesRead === 0) {
				return;
			}
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

async function openIfExists(path: string): Promise<FileHandle | undefined> {
	try {
		return await open(path, 'r');
	} catch (error) {
		if (hasCode(error, 'ENOENT')) {
			return undefined;
		}
		throw error;
	}
}
