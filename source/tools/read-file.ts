import {z} from 'zod';
import {FailureError} from '../core/failure.ts';
import {linesOf, readText} from './text-file.ts';
import type {PreparedCall, Tool} from './tool.ts';

const input = z.strictObject({
	path: z.string().describe('File, relative to the workspace'),
	offset: z.int().min(1).optional().describe('First line to read, from 1'),
	limit: z.int().min(1).optional().describe('Number of lines'),
	column: z.int().min(1).optional().describe('First character in the line'),
});

/**
 * The text exactly as it is, without line numbers, since models copy what they see into
 * `edit_file`. A note in brackets at the end says if there is more.
 */
export const readFile: Tool<z.infer<typeof input>> = {
	name: 'read_file',
	description:
		'Reads a text file. Long files come in parts; a last line in brackets, not of the file, says how to go on.',
	input,
	example: {path: 'src/main.ts'},
	effect: 'read',
	prepare: async ({path, ...place}, {files, known, maxResult, readResult}) => {
		if (resultName.test(path)) {
			return readPart(path, readResult, text => excerpt(text, place, maxResult()));
		}

		const name = files.normalize(path);
		return {
			summary: `read_file ${name}`,
			async execute() {
				const file = await readText(files, name);
				if (file === undefined) {
					throw new FailureError('tool-failed', `There is no file ${name}`, {
						hint: 'list_files shows what is there',
					});
				}

				const text = excerpt(file.text, place, maxResult());
				known.set(name, file.hash);
				return {ok: true, text, files: [{path: name, hash: file.hash, written: false}]};
			},
		};
	},
};

/** Names of partially shown results, which cannot be file names in a request. */
const resultName = /^@output-\d+$/;

function readPart(
	name: string,
	readResult: (name: string) => Promise<string | undefined>,
	show: (text: string) => string,
): PreparedCall {
	return {
		summary: `read_file ${name}`,
		async execute() {
			const text = await readResult(name);
			if (text === undefined) {
				throw new FailureError('tool-failed', `There is no result ${name}`);
			}

			return {ok: true, text: show(text)};
		},
	};
}

/** Where to start, and how many lines to show. */
type Range = Omit<z.infer<typeof input>, 'path'>;

/** Space reserved for the note at the end, in bytes. */
const noteLength = 120;

/** As many complete lines as fit into `most` bytes, or as much of a line that does not. */
function excerpt(
	text: string,
	{offset = 1, limit = Number.POSITIVE_INFINITY, column = 1}: Range,
	most: number,
): string {
	if (text === '') {
		return '[the file is empty]';
	}

	const lines = linesOf(text);
	const first = lines[offset - 1];
	if (first === undefined) {
		throw new FailureError('tool-failed', `The file has only ${lines.length} lines`);
	}

	const room = most - noteLength;
	if (column > 1 || Buffer.byteLength(first) > room) {
		const next = offset < lines.length ? `offset ${offset + 1}` : undefined;
		return lineExcerpt(first.replace(/\n$/, ''), {offset, column, next}, room);
	}

	const shown: string[] = [];
	let bytes = 0;
	for (const line of lines.slice(offset - 1, offset - 1 + limit)) {
		bytes += Buffer.byteLength(line);
		if (bytes > room) {
			break;
		}

		shown.push(line);
	}

	const last = offset - 1 + shown.length;
	const body = shown.join('');
	if (offset === 1 && last === lines.length) {
		return body;
	}

	const more = last < lines.length ? `; go on with offset ${last + 1}` : '';
	return `${body}${body.endsWith('\n') ? '' : '\n'}[lines ${offset} to ${last} of ${lines.length}${more}]`;
}

/** Part of one line, in complete characters; `next` is what to request after its end. */
function lineExcerpt(
	line: string,
	{
		offset,
		column,
		next,
	}: {readonly offset: number; readonly column: number; readonly next: string | undefined},
	room: number,
): string {
	if (column > line.length) {
		throw new FailureError('tool-failed', `Line ${offset} has only ${line.length} characters`);
	}

	const rest = line.slice(column - 1);
	const {read} = new TextEncoder().encodeInto(rest, new Uint8Array(room));
	const last = column - 1 + read;
	const nextPart = last < line.length ? `offset ${offset}, column ${last + 1}` : next;
	const more = nextPart === undefined ? '' : `; go on with ${nextPart}`;
	return `${rest.slice(0, read)}\n[line ${offset}, characters ${column} to ${last} of ${line.length}${more}]`;
}
