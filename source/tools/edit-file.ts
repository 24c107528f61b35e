import {z} from 'zod';
import {FailureError} from '../core/failure.ts';
import {diffLines} from './line-diff.ts';
import {nearestLines} from './nearest-lines.ts';
import {readText} from './text-file.ts';
import type {Tool} from './tool.ts';
import {prepareWrite, requireKnown} from './write-intent.ts';

const input = z.strictObject({
	path: z.string().describe('File, relative to the workspace'),
	old_text: z
		.string()
		.min(1)
		.describe('Text to replace, exactly as in the file; it must occur there only once'),
	new_text: z.string().describe('Text to put in its place; empty to delete'),
});

/** Replaces one piece of text in a file whose current content the agent has seen. */
export const editFile: Tool<z.infer<typeof input>> = {
	name: 'edit_file',
	description:
		'Replaces one piece of text in a file that you have read. old_text must match the file exactly, white space included, and occur only once: take some lines around it along.',
	input,
	example: {path: 'src/main.ts', old_text: 'let a = 1;', new_text: 'let a = 2;'},
	effect: 'write',
	async prepare({path, old_text: oldText, new_text: newText}, context) {
		const file = await readText(context.files, path);
		if (file === undefined) {
			throw new FailureError('tool-failed', `There is no file ${context.files.normalize(path)}`, {
				hint: 'write_file creates one',
			});
		}

		requireKnown(context, file.path, file.hash);
		const edit = withFileLineEnds(file.text, {from: oldText, to: newText});
		const at = findOnce(file.text, edit.from, file.path);
		if (edit.from === edit.to) {
			throw new FailureError('bad-call', 'old_text and new_text are the same');
		}

		const text = file.text.slice(0, at) + edit.to + file.text.slice(at + edit.from.length);
		const {size, hunks} = diffLines(file.text, text);
		return prepareWrite(context, {
			path: file.path,
			before: file.hash,
			content: Buffer.from(text),
			summary: `edit_file ${file.path} (${size})`,
			permission: {
				detail: `${file.path}\n${hunks}`,
				reason: 'Changes a part of the file',
			},
			done: `Edited ${file.path} (${size}).`,
		});
	},
};

type Edit = {readonly from: string; readonly to: string};

/** Models write `\n`; in a file with `\r\n` line ends, the same edit is meant. */
function withFileLineEnds(text: string, edit: Edit): Edit {
	if (text.includes(edit.from) || !text.includes('\r\n') || edit.from.includes('\r')) {
		return edit;
	}

	const withReturns = (part: string): string => part.replace(/\r?\n/g, '\r\n');
	return {from: withReturns(edit.from), to: withReturns(edit.to)};
}

function findOnce(text: string, piece: string, path: string): number {
	const places: number[] = [];
	for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) {
		places.push(at);
	}

	const [first] = places;
	if (first === undefined) {
		throw new FailureError(
			'tool-failed',
			`old_text is not in ${path}. ${nearestLines(text, piece)}`,
		);
	}

	if (places.length > 1) {
		const lines = places.slice(0, 10).map(at => text.slice(0, at).split('\n').length);
		throw new FailureError(
			'tool-failed',
			`old_text occurs ${places.length} times in ${path} (lines ${lines.join(', ')}): take more of the lines around it along`,
		);
	}

	return first;
}
