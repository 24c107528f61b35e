import {accessSync, constants, statSync} from 'node:fs';
import path from 'node:path';

/** Whether a program can be started: found on the search path, or a file of the directory. */
export function createCanRun(
	directory: string,
	searchPath: string | undefined,
): (program: string) => boolean {
	const folders = (searchPath ?? '').split(path.delimiter).filter(Boolean);
	// Programs of the project's own dependencies, found like in npm scripts.
	const local = path.join(directory, 'node_modules', '.bin');
	return program =>
		program.includes('/')
			? // The plan may create the script that its check runs.
				!path.isAbsolute(program) || isExecutable(program)
			: [...folders, local].some(folder => isExecutable(path.join(folder, program)));
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch {
		return false;
	}
}
