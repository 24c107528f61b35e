import {constants} from 'node:fs';
import {cp, lstat, mkdir, readdir, rm, stat, symlink} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {findParent} from './disk-state.ts';
import type {SourceDirectory} from './source-directory.ts';

/**
 * Installed dependencies that git does not track, at most three levels deep, relative to the
 * directory: `node_modules`, Python environments, `vendor/bundle`.
 */
export async function findDependencies(root: string): Promise<readonly string[]> {
	const found: string[] = [];
	const visit = async (directory: string, depth: number): Promise<void> => {
		const entries = await readdir(path.join(root, directory), {withFileTypes: true}).catch(
			() => [],
		);
		for (const entry of entries.filter(entry => entry.isDirectory())) {
			const name = path.posix.join(directory, entry.name);
			if (await holdsDependencies(root, name)) {
				found.push(name);
			} else if (depth < maxDepth && !entry.name.startsWith('.')) {
				await visit(name, depth + 1);
			}
		}
	};

	await visit('', 1);
	return found.sort();
}

/**
 * If the directory is part of a repository with `node_modules` above it, links the nearest one
 * above the attempts' directories.
 */
export async function linkAncestorModules(
	{root, repository}: SourceDirectory,
	worktrees: string,
): Promise<void> {
	if (!repository || repository.prefix === '') {
		return;
	}

	await mkdir(worktrees, {recursive: true});
	for (let above = path.dirname(root); ; above = path.dirname(above)) {
		const modules = path.join(above, 'node_modules');
		const found = await stat(modules).catch(() => undefined);
		if (found?.isDirectory() === true) {
			await symlink(modules, path.join(worktrees, 'node_modules')).catch(() => undefined);
			return;
		}

		if (path.relative(repository.root, above) === '' || above === path.dirname(above)) {
			return;
		}
	}
}

/**
 /**
  * Copies dependencies that a fresh checkout lacks. Data blocks are shared if the file system
  * supports it (reflink), but never by hard link, which would let an attempt modify the person's
  * files.
  */
export async function copyDependencies(
	from: string,
	to: string,
	names: readonly string[],
	signal?: AbortSignal,
): Promise<void> {
	for (const name of names) {
		const target = path.join(to, name);
		const taken = await lstat(target).catch(() => undefined);
		if (taken === undefined && (await findParent(to, name)) !== 'blocked') {
			await mkdir(path.dirname(target), {recursive: true});
			await copyTree(path.join(from, name), target, signal);
		}
	}
}

const maxDepth = 3;

async function holdsDependencies(root: string, name: string): Promise<boolean> {
	switch (path.posix.basename(name)) {
		case 'node_modules':
		case '.venv':
			return true;
		case 'venv':
			return stat(path.join(root, name, 'pyvenv.cfg')).then(
				() => true,
				() => false,
			);
		case 'bundle':
			return path.posix.basename(path.posix.dirname(name)) === 'vendor';
		default:
			return false;
	}
}

/** The system's `cp` is several times faster than ours; ours works everywhere. */
async function copyTree(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
	const flags =
		process.platform === 'darwin' ? ['-cRp'] : ['-a', '--reflink=auto', '--no-preserve=links'];
	const copied = await execa('cp', [...flags, '--', from, to], {
		reject: false,
		stdio: 'ignore',
		...(signal === undefined ? {} : {cancelSignal: signal}),
	});
	signal?.throwIfAborted();
	if (copied.failed) {
		await rm(to, {recursive: true, force: true});
		await cp(from, to, {
			recursive: true,
			verbatimSymlinks: true,
			preserveTimestamps: true,
			mode: constants.COPYFILE_FICLONE,
		});
	}
}
