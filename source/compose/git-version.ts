import {execa} from 'execa';
import {UsageError} from '../core/usage-error.ts';

/** Oldest git whose `merge-tree` can merge without a working tree. */
export const oldestGit = '2.38';

/** The version of the installed git (`2.39`), `undefined` when there is none. */
export async function readGitVersion(): Promise<string | undefined> {
	const result = await execa('git', ['--version'], {reject: false});
	return /(\d+\.\d+)/.exec(result.stdout ?? '')?.[1];
}

/** Throws a `UsageError` when git is missing or too old, before a run is made. */
export async function requireGit(): Promise<void> {
	const version = await readGitVersion();
	if (version === undefined || !isRecent(version)) {
		const problem = version === undefined ? 'git is not installed' : `git ${version} is too old`;
		throw new UsageError(problem, `install git ${oldestGit} or newer: it isolates and merges`);
	}
}

export function isRecent(version: string): boolean {
	return version.localeCompare(oldestGit, 'en', {numeric: true}) >= 0;
}
