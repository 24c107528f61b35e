import {constants} from 'node:fs';
import {access, readdir, realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {FailureError} from '../core/failure.ts';
import type {Environment} from '../core/environment.ts';
import {createGit, requireGit, type GitOptions} from './git.ts';
import type {Git} from './git.ts';

/** The person's repository around the directory, as far as we read it. */
export type SourceRepository = {
	/** Runs in the directory. Read-only, except to deliver a branch. */
	readonly git: Git;
	readonly root: string;
	/** Path from the repository's root to the directory: `''` or `a/b`. */
	readonly prefix: string;
	readonly objects: string;
	readonly index: string;
	readonly exclude: string;
	readonly attributes: string;
	readonly shallow: string;
	readonly objectFormat: string;
	/** The checked-out commit; `undefined` before the first one. */
	readonly head: string | undefined;
};

export type SourceDirectory = {
	/** With links resolved. */
	readonly root: string;
	readonly repository: SourceRepository | undefined;
	/** Used to find git, the home directory and the person's settings. */
	readonly environment: Environment;
};

/**
 * Inspects a directory without changing anything. Throws a `FailureError` (`bad-request`) if no run
 * can work in it.
 */
export async function inspectDirectory(
	directory: string,
	{environment, signal}: Pick<GitOptions, 'environment' | 'signal'>,
): Promise<SourceDirectory> {
	const root = await usableDirectory(directory);
	const git = createGit({at: {directory: root}, environment, signal});
	await requireGit(git);
	const found = await git.run(
		['rev-parse', '--is-inside-work-tree', '--is-bare-repository', '--is-inside-git-dir'],
		{accept: [128]},
	);
	if (found.exitCode === 128) {
		await refuseBrokenRepository(root);
		return {root, environment, repository: undefined};
	}

	const [insideWorkTree, bare] = found.stdout.toString().split('\n');
	if (insideWorkTree !== 'true') {
		throw unusable(
			root,
			bare === 'true' ? 'is a bare git repository' : 'is inside a git directory',
			'Run in a checkout instead',
		);
	}

	return {root, environment, repository: await describeRepository(git, root)};
}

async function describeRepository(git: Git, root: string): Promise<SourceRepository> {
	const names = ['objects', 'index', 'info/exclude', 'info/attributes', 'shallow'] as const;
	const questions = [
		'--show-object-format',
		'--show-prefix',
		'--show-toplevel',
		...names.flatMap(name => ['--git-path', name]),
	];
	const {stdout} = await git.run(['rev-parse', ...questions]);
	const answers = stdout.toString().split('\n');
	const [objectFormat = '', prefix = '', toplevel = '', ...paths] = answers;
	if (answers.length !== names.length + 4) {
		throw unusable(root, 'has a line break in its path', 'Rename it, or use a copy elsewhere');
	}

	const [objects = '', index = '', exclude = '', attributes = '', shallow = ''] = paths.map(name =>
		path.resolve(root, name),
	);
	const head = await git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {accept: [1]});
	return {
		git,
		root: toplevel,
		prefix: prefix.replace(/\/$/, ''),
		objects,
		index,
		exclude,
		attributes,
		shallow,
		objectFormat,
		head: head.exitCode === 0 ? head.stdout.toString().trim() : undefined,
	};
}

async function usableDirectory(directory: string): Promise<string> {
	try {
		const root = await realpath(directory);
		if (!(await stat(root)).isDirectory()) {
			throw unusable(directory, 'is not a directory', 'Specify the directory to work in');
		}

		await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
		await readdir(root);
		return root;
	} catch (error) {
		if (error instanceof FailureError) {
			throw error;
		}

		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		throw code === 'ENOENT'
			? unusable(
					directory,
					'does not exist',
					'Check the path, or create the directory first',
					error,
				)
			: code === 'ENOTDIR'
				? unusable(directory, 'is not a directory', 'Specify the directory itself', error)
				: unusable(
						directory,
						'is not readable and writable',
						'Check its permissions, or use a copy of your own',
						error,
					);
	}
}

/** A broken `.git` is reported instead of treating the directory as a plain folder. */
async function refuseBrokenRepository(root: string): Promise<void> {
	const marker = await stat(path.join(root, '.git')).catch(() => undefined);
	if (marker !== undefined) {
		throw unusable(
			root,
			'has a .git that git cannot read',
			'Repair the repository (git status shows what is wrong), or remove .git',
		);
	}
}

function unusable(directory: string, what: string, hint: string, cause?: unknown): FailureError {
	return new FailureError('bad-request', `The directory ${directory} ${what}`, {hint, cause});
}
