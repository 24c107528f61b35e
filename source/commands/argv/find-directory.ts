import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../../core/usage-error.ts';
import {expandHome} from './task-input.ts';

/**
 * The directory that a person means: `~` is their home, and what is relative begins at `base`. It comes
 * back absolute, with `~` where it is in their home. Throws a `UsageError` for what no run could work in.
 */
export async function findDirectory(
	written: string,
	{base, userHome}: {readonly base: string; readonly userHome: string},
	/** Rejects where this process may not do that. */
	mayUse: (directory: string, mode: number) => Promise<void> = access,
): Promise<string> {
	const directory = path.resolve(expandHome(base, userHome), expandHome(written, userHome));
	const found = await stat(directory).catch((error: unknown) => {
		throw unusable(directory, error);
	});
	if (!found.isDirectory()) {
		throw new UsageError(`${directory} is a file`, 'name a directory');
	}

	await mayUse(directory, constants.R_OK | constants.W_OK | constants.X_OK).catch(
		(error: unknown) => {
			throw new UsageError(
				`you may not write to ${directory}`,
				'name another directory, or give yourself the right',
				error,
			);
		},
	);
	return directory === userHome || directory.startsWith(`${userHome}/`)
		? `~${directory.slice(userHome.length)}`
		: directory;
}

function unusable(directory: string, error: unknown): UsageError {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	return code === 'ENOENT'
		? new UsageError(`${directory} is not there`, 'make it first, or name another one', error)
		: new UsageError(
				`${directory} cannot be looked at (${String(code ?? error)})`,
				'name another directory',
				error,
			);
}
