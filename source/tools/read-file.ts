import {z} from 'zod';
import {FailureError} from '../core/failure.ts';
import {linesOf, readText} from './text.ts';
import type {PreparedCall, Tool} from './tool.ts';

const input = z.strictObject({
	path: z.string().describe('File, relative to the workspace'),
	offset: z.int().min(1).optional().describe('First line to read, from 1'),
	limit: z.int().min(1).optional().describe('Number of lines'),
});

/**
 * The text exactly as it is, without line numbers: models copy what they see into `edit_file`. A
 * note in brackets at the end says when there is more.
 */
export const readFile: Tool<z.infer<typeof input>> = {
	name: 'read_file',
	description:
		'Reads a text file. Long files come in parts; a note in brackets at the end, which is not part of the file, says how to go on.',
	input,
	example: {path: 'src/main.ts'},
	effect: 'read',
	prepare: async ({path, offset = 1, limit}, {files, known, maxResult, readResult}) => {
		if (resultName.test(path)) {
			return readPart(path, readResult, text => excerpt(text, {offset, limit}, maxResult()));
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

				const text = excerpt(file.text, {offset, limit}, maxResult());
				known.set(name, file.hash);
				return {ok: true, text, files: [{path: name, hash: file.hash, written: false}]};
			},
		};
	},
};

/** Results that were shown in part have names that no file is asked for by. */
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

/** Room for the note at the end, characters. */
const noteLength = 100;

function excerpt(
	text: string,
	{
		offset,
		limit = Number.POSITIVE_INFINITY,
	}: {readonly offset: number; readonly limit?: number | undefined},
	most: number,
): string {
	if (text === '') {
		return '[the file is empty]';
	}

	const lines = linesOf(text);
	if (offset > lines.length) {
		throw new FailureError('tool-failed', `The file has only ${lines.length} lines`);
	}

	const shown: string[] = [];
	let bytes = noteLength;
	for (const line of lines.slice(offset - 1, offset - 1 + limit)) {
		bytes += Buffer.byteLength(line);
		if (bytes > most) {
			break;
		}

		shown.push(line);
	}

	if (shown.length === 0) {
		const start = lines[offset - 1]?.slice(0, most / 4) ?? '';
		return `${start}\n[line ${offset} is too long to show whole; go on with offset ${offset + 1}]`;
	}

	const last = offset - 1 + shown.length;
	const body = shown.join('');
	if (offset === 1 && last === lines.length) {
		return body;
	}

	const more = last < lines.length ? `; go on with offset ${last + 1}` : '';
	return `${body}${body.endsWith('\n') ? '' : '\n'}[lines ${offset} to ${last} of ${lines.length}${more}]`;
}
