import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';

/** Every file below a directory, by its path, `.git` left out. */
export async function filesIn(directory: string): Promise<Readonly<Record<string, string>>> {
	const entries = await readdir(directory, {recursive: true, withFileTypes: true});
	const files = entries
		.filter(entry => entry.isFile())
		.map(entry => path.relative(directory, path.join(entry.parentPath, entry.name)))
		.filter(file => !file.startsWith('.git/'))
		.sort();
	return Object.fromEntries(
		await Promise.all(
			files.map(async file => [file, await readFile(path.join(directory, file), 'utf8')] as const),
		),
	);
}
