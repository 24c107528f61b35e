import {setImmediate} from 'node:timers/promises';
import {RE2JS} from 're2js';
import {z} from 'zod';
import type {PathGuard} from '../sandbox/path-guard.ts';
import {isDependencyDirectory} from './dependency-directory.ts';
import {asText, maxResultBytes} from './text-file.ts';
import type {Tool} from './tool.ts';

const input = z.strictObject({
	pattern: z
		.string()
		.min(1)
		.max(500)
		.describe('Text or regular expression (RE2: no look-around), matched line by line'),
	path: z
		.string()
		.optional()
		.describe('File or directory to search; default: all of the workspace'),
	ignore_case: z.boolean().optional().describe('Default: false'),
});

/**
 * Never runs a pattern in the JavaScript engine, where `^(a+)+$` can block the entire program; RE2
 * takes linear time. An invalid pattern is searched as plain text.
 */
export const search: Tool<z.infer<typeof input>> = {
	name: 'search',
	description:
		'Searches files for a text or a regular expression and gives the matching lines as path:line: text. Binary files and installed dependencies are left out.',
	input,
	example: {pattern: 'parseLine'},
	effect: 'read',
	prepare: async ({pattern, path = '.', ignore_case: ignoreCase = false}, {files}) => {
		const place = files.normalize(path);
		const matcher = createMatcher(pattern, ignoreCase);
		return {
			summary: `search ${JSON.stringify(pattern)} in ${place}`,
			async execute(signal) {
				const result = await collect(files, place, matcher.matches, signal);
				return {ok: true, text: describe(result, matcher.literal && matcher.note)};
			},
		};
	},
};

const maxMatches = 200;
const maxLineLength = 300;
/** Characters of a line to search; the rest of longer lines is ignored. */
const searchedLineLength = 20_000;
const maxFileBytes = 2 * 1024 * 1024;
/** Characters to search before yielding to other work. */
const charactersPerTurn = 100_000;

type Matches = (line: string) => boolean;

function createMatcher(
	pattern: string,
	ignoreCase: boolean,
): {readonly matches: Matches; readonly literal: boolean; readonly note: string} {
	const plain = (note: string) => {
		const wanted = ignoreCase ? pattern.toLowerCase() : pattern;
		const matches: Matches = line => (ignoreCase ? line.toLowerCase() : line).includes(wanted);
		return {matches, literal: true, note};
	};

	if (!/[\\^$.|?*+()[\]{}]/.test(pattern)) {
		return plain('');
	}

	try {
		const expression = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
		return {matches: line => expression.matcher(line).find(), literal: false, note: ''};
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return plain(`[searched as plain text: ${reason}]\n`);
	}
}

type Found = {
	readonly lines: readonly string[];
	readonly complete: boolean;
	readonly leftOut: readonly string[];
};

async function collect(
	files: PathGuard,
	place: string,
	matches: Matches,
	signal: AbortSignal,
): Promise<Found> {
	const lines: string[] = [];
	const leftOut: string[] = [];
	let bytes = 0;
	let sinceTurn = 0;
	for await (const path of filesBelow(files, place)) {
		signal.throwIfAborted();
		const content = await files.readFile(path, maxFileBytes).catch(() => 'unreadable' as const);
		const text = content === 'unreadable' || content === undefined ? undefined : asText(content);
		if (content === 'unreadable') {
			leftOut.push(path);
		}

		for (const [index, line] of (text?.split('\n') ?? []).entries()) {
			sinceTurn += Math.min(line.length, searchedLineLength) + 1;
			if (sinceTurn >= charactersPerTurn) {
				sinceTurn = 0;
				await setImmediate();
				signal.throwIfAborted();
			}

			if (matches(line.slice(0, searchedLineLength))) {
				const shown = line.trimEnd();
				const cut = shown.length > maxLineLength ? `${shown.slice(0, maxLineLength)}…` : shown;
				const entry = `${path}:${index + 1}: ${cut}`;
				bytes += Buffer.byteLength(entry) + 1;
				if (lines.length >= maxMatches || bytes > maxResultBytes) {
					return {lines, complete: false, leftOut};
				}

				lines.push(entry);
			}
		}
	}

	return {lines, complete: true, leftOut};
}

async function* filesBelow(files: PathGuard, place: string): AsyncGenerator<string> {
	const isFile =
		place !== '.' &&
		(await files.listDirectory(place).then(
			() => false,
			() => true,
		));
	if (isFile) {
		yield place;
		return;
	}

	const open = [place];
	for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
		const entries = await files.listDirectory(directory);
		yield* entries.filter(entry => entry.kind === 'file').map(entry => entry.path);
		open.push(
			...entries
				.filter(entry => entry.kind === 'directory' && !isDependencyDirectory(entry.path))
				.map(entry => entry.path)
				.reverse(),
		);
	}
}

function describe({lines, complete, leftOut}: Found, note: string | false): string {
	const body = lines.length === 0 ? 'No matches.' : lines.join('\n');
	const more = complete ? '' : '\n[there are more matches: narrow the pattern or the path]';
	const skipped =
		leftOut.length === 0 ? '' : `\n[too large or not readable: ${leftOut.slice(0, 5).join(', ')}]`;
	return `${note || ''}${body}${more}${skipped}`;
}
