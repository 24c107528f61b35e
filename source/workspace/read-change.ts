import path from 'node:path';
import type {Change} from '../core/change.ts';
import {diffTrees} from './git-trees.ts';
import {createGit, type GitOptions} from './git.ts';

/** Bytes of a diff to read; the rest is cut off. */
const maxBytes = 2 * 1024 * 1024;

/**
 * The unified diff of an attempt's change, from the run's repository, whether or not this process
 * owns the run.
 *
 * @param workDirectory as in `WorkspaceOptions`
 */
export async function readChange(
	workDirectory: string,
	{base, commit}: Pick<Change, 'base' | 'commit'>,
	options: Pick<GitOptions, 'environment' | 'signal'>,
): Promise<string> {
	const repository = path.join(workDirectory, 'repository');
	const git = createGit({at: {repository}, ...options});
	return diffTrees(git, base, commit, maxBytes);
}
