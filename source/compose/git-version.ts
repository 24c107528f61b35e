import {execa} from 'execa';

/** Oldest git whose `merge-tree` can merge without a working tree. */
export const oldestGit = '2.38';

/** The version of the installed git (`2.39`), `undefined` if there is none. */
export async function readGitVersion(): Promise<string | undefined> {
	const result = await execa('git', ['--version'], {reject: false});
	return /(\d+\.\d+)/.exec(result.stdout ?? '')?.[1];
}

export function isRecent(version: string): boolean {
	return version.localeCompare(oldestGit, 'en', {numeric: true}) >= 0;
}
