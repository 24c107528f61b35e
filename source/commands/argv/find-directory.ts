import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../../core/usage-error.ts';
import {expandHome} from './task-input.ts';

/**
 * Resolves a directory as entered by the user: `~` is their home, relative paths start at `base`.
 * Returns an absolute path, abbreviated with `~` within their home. Throws a `UsageError` if a run
 * could not work there.
 */
export async function findDirectory(
	written: string,
	{base, userHome}: {readonly base: string; readonly userHome: string},
	/** Rejects when this process has no such access. */
	checkAccess: (directory: string, mode: number) => Promise<void> = access,
): Promise<string> {
	const directory = path.resolve(expandHome(base, userHome), expandHome(written, userHome));
	const found = await stat(directory).catch((error: unknown) => {
		throw unusable(directory, error);
	});
	if (!found.isDirectory()) {
		throw new UsageError(`${directory} is a file`, 'enter a directory');
	}

	await checkAccess(directory, constants.R_OK | constants.W_OK | constants.X_OK).catch(
		(error: unknown) => {
			throw new UsageError(
				`you cannot write to ${directory}`,
				'choose another directory or change its permissions',
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
		? new UsageError(`${directory} does not exist`, 'create it first or choose another one', error)
		: new UsageError(
				`cannot access ${directory} (${String(code ?? error)})`,
				'choose another directory',
				error,
			);
}
