import {counted} from '../core/text.ts';
import {z} from 'zod';
import {diffLines} from './line-diff.ts';
import {asText, hashOf, linesOf} from './text-file.ts';
import type {Tool} from './tool.ts';
import {prepareWrite, requireKnown} from './write-intent.ts';

const input = z.strictObject({
	path: z.string().describe('File, relative to the workspace'),
	content: z.string().describe('The whole content of the file'),
});

/** Creates a file, or replaces one whose current content the agent has seen. */
export const writeFile: Tool<z.infer<typeof input>> = {
	name: 'write_file',
	description:
		'Creates a file, or replaces all of it. Directories are made as needed. To replace an existing file, read it first; to change a part of it, use edit_file.',
	input,
	example: {path: 'notes.md', content: 'One line\n'},
	effect: 'write',
	async prepare({path, content}, context) {
		const name = context.files.normalize(path);
		const old = await context.files.readFile(name);
		const before = old === undefined ? null : hashOf(old);
		if (old !== undefined && before !== null && old.length > 0) {
			requireKnown(context, name, before);
		}

		const change = diffLines(asText(old ?? Buffer.of()) ?? '', content);
		const size = old === undefined ? counted(linesOf(content).length, 'line') : change.size;
		return prepareWrite(context, {
			path: name,
			before,
			content: Buffer.from(content),
			summary: `write_file ${name} (${size})`,
			permission: {
				detail: `${name}\n${change.hunks}`,
				reason: old === undefined ? 'A new file' : 'Replaces the whole file',
			},
			done: `${old === undefined ? 'Created' : 'Replaced'} ${name} (${size}).`,
		});
	},
};
