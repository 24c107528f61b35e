import {lstat, mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import type {Change} from '../core/change.ts';
import {FailureError} from '../core/failure.ts';
import {asChange, commitTree, compareTrees, diffTrees, treeOf} from './git-trees.ts';
import {copyDependencies} from './dependencies.ts';
import type {Git} from './git.ts';
import {createAttemptRepository} from './repository.ts';
import {copyIndex, innerRepositories, stage, callIn} from './stage-files.ts';
import type {Tracked} from './stage-files.ts';
import type {AttemptWorkspace} from './workspace.ts';

export type AttemptsOptions = {
	readonly git: Git;
	/** Our bare repository. */
	readonly repository: string;
	readonly workDirectory: string;
	/** Where to copy installed dependencies from, and which. */
	readonly dependencies: () => Promise<{readonly root: string; readonly names: readonly string[]}>;
	readonly signal?: AbortSignal | undefined;
};

export type Attempts = {
	open(name: string, base: string): Promise<AttemptWorkspace>;
	find(name: string): Promise<AttemptWorkspace | undefined>;
	commit(workspace: AttemptWorkspace, message: string): Promise<Change | null>;
	diff(workspace: AttemptWorkspace, maxBytes: number): Promise<string>;
	remove(name: string): Promise<void>;
};

/**
 * The directories that attempts work in: `worktrees/<name>`, with our metadata in
 * `attempts/<name>`, out of reach of the commands inside. The `.git` in a worktree is only for
 * those commands; we never read it.
 */
export function createAttempts(options: AttemptsOptions): Attempts {
	const {git, repository, workDirectory, signal} = options;

	const pathsOf = (name: string) => {
		if (!/^[A-Za-z0-9][\w.-]{0,127}$/.test(name)) {
			throw new FailureError('internal', `${JSON.stringify(name)} is not a valid workspace name`);
		}

		const metadata = path.join(workDirectory, 'attempts', name);
		return {
			directory: path.join(workDirectory, 'worktrees', name),
			notes: metadata,
			index: path.join(metadata, 'index'),
			base: path.join(metadata, 'base'),
		};
	};

	const trackedIn = ({directory}: AttemptWorkspace): Tracked => ({
		workTree: directory,
		index: pathsOf(path.basename(directory)).index,
	});

	const remove = async (name: string): Promise<void> => {
		const {directory, notes} = pathsOf(name);
		await rm(path.join(notes, 'base'), {force: true});
		await removeTree(directory);
		await rm(notes, {recursive: true, force: true});
	};

	return {
		remove,

		async open(name, base) {
			await remove(name);
			const {directory, notes, index, base: baseFile} = pathsOf(name);
			await mkdir(directory, {recursive: true});
			await mkdir(notes, {recursive: true});
			await git.run(['read-tree', '-u', '--reset', base], callIn({index, workTree: directory}));
			await createAttemptRepository(path.join(directory, '.git'), repository, {
				base,
				index,
				objectFormat: base.length === 64 ? 'sha256' : 'sha1',
			});
			const {root, names} = await options.dependencies();
			await copyDependencies(root, directory, names, signal);
			await writeFile(`${baseFile}.new`, base);
			await rename(`${baseFile}.new`, baseFile);
			return {directory, base};
		},

		async find(name) {
			const {directory, base} = pathsOf(name);
			const known = await readFile(base, 'utf8').catch(() => undefined);
			const there = await lstat(directory).catch(() => undefined);
			return known !== undefined && there?.isDirectory() ? {directory, base: known} : undefined;
		},

		async commit(workspace, message) {
			const inner = await innerRepositories(git, trackedIn(workspace));
			if (inner.length > 0) {
				throw new FailureError(
					'tool-failed',
					`${inner.join(', ')} is a git repository of its own, so its files would be lost: remove the .git in it`,
				);
			}

			const tree = await stage(git, trackedIn(workspace));
			if (tree === (await treeOf(git, workspace.base))) {
				return null;
			}

			const commit = await commitTree(git, tree, workspace.base, message);
			const changes = await compareTrees(git, workspace.base, commit);
			return asChange(commit, workspace.base, changes);
		},

		async diff(workspace, maxBytes) {
			const tracked = trackedIn(workspace);
			const index = `${tracked.index}.diff`;
			await copyIndex(tracked.index, index);
			try {
				const tree = await stage(git, {...tracked, index});
				return await diffTrees(git, workspace.base, tree, maxBytes);
			} finally {
				await rm(index, {force: true});
			}
		},
	};
}

/** Removes a directory even if parts of it are write-protected. */
async function removeTree(directory: string): Promise<void> {
	try {
		await rm(directory, {recursive: true, force: true, maxRetries: 3});
	} catch {
		await execa('chmod', ['-R', 'u+rwX', '--', directory], {reject: false, stdio: 'ignore'});
		await rm(directory, {recursive: true, force: true, maxRetries: 3});
	}
}
