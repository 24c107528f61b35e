import {z} from 'zod';
import type {Entry} from '../sandbox/path-guard.ts';
import {isDependencyDirectory} from './dependency-directory.ts';
import type {Tool} from './tool.ts';

const input = z.strictObject({
	path: z.string().optional().describe('Directory, relative to the workspace; default: all of it'),
	recursive: z.boolean().optional().describe('Also everything below; default: false'),
});

/** Directories end with `/`, files have their size in bytes. Links are listed but not followed. */
export const listFiles: Tool<z.infer<typeof input>> = {
	name: 'list_files',
	description:
		'Lists a directory: sub-directories end with /, files have their size in bytes. At most 400 entries; installed dependencies are not opened.',
	input,
	example: {path: 'src'},
	effect: 'read',
	prepare: async ({path = '.', recursive = false}, {files}) => {
		const place = files.normalize(path);
		return {
			summary: `list_files ${place}${recursive ? ' recursively' : ''}`,
			async execute(signal) {
				const found: Entry[] = [];
				const open = [place];
				let complete = true;
				for (let directory = open.shift(); directory !== undefined; directory = open.shift()) {
					signal.throwIfAborted();
					const entries = await files.listDirectory(directory);
					complete &&= found.length + entries.length <= maxEntries;
					found.push(...entries.slice(0, maxEntries - found.length));
					if (recursive && complete) {
						open.push(...entries.filter(isOpened).map(entry => entry.path));
					}
				}

				return {ok: true, text: describe(found, complete)};
			},
		};
	},
};

const maxEntries = 400;

function isOpened(entry: Entry): boolean {
	return entry.kind === 'directory' && !isDependencyDirectory(entry.path);
}

function describe(entries: readonly Entry[], complete: boolean): string {
	if (entries.length === 0) {
		return '[the directory is empty]';
	}

	const lines = entries
		.toSorted((a, b) => (a.path < b.path ? -1 : 1))
		.map(({path, kind, size}) => {
			switch (kind) {
				case 'directory':
					return `${path}/`;
				case 'file':
					return `${path}  ${size ?? 0}`;
				case 'other':
					return `${path}  [link or other]`;
			}
		});
	const more = '[there is more: list a sub-directory of its own]';
	return [...lines, ...(complete ? [] : [more])].join('\n');
}
