import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {
	chmod,
	chown,
	copyFile,
	lstat,
	mkdir,
	readlink,
	rename,
	rm,
	rmdir,
	symlink,
} from 'node:fs/promises';
import path from 'node:path';
import {FailureError} from '../core/failure.ts';
import type {TreeFile} from './git-trees.ts';
import {syncAll} from './durability.ts';

/**
 * What is at a path of a directory. `blocked`: neither a file nor a link, or a link or file in
 * place of a parent directory.
 */
export type DiskState = TreeFile | null | 'directory' | 'blocked';

/** Inspects a path without following links. `algorithm`: hash of the repository's object ids. */
export async function readDiskState(
	root: string,
	name: string,
	algorithm: string,
): Promise<DiskState> {
	const parent = await findParent(root, name);
	if (parent !== 'there') {
		return parent === 'missing' ? null : 'blocked';
	}

	const file = path.join(root, name);
	const found = await lstat(file).catch(ignoreMissing);
	if (found === undefined) {
		return null;
	}

	if (found.isSymbolicLink()) {
		const target = await readlink(file, 'buffer');
		const hash = createHash(algorithm).update(`blob ${target.length}\0`).update(target);
		return {kind: 'link', id: hash.digest('hex')};
	}

	if (!found.isFile()) {
		return found.isDirectory() ? 'directory' : 'blocked';
	}

	const kind = (found.mode & 0o100) === 0 ? 'file' : 'executable';
	return {kind, id: await blobId(file, found.size, algorithm)};
}

/** Whether all parents of `name` are directories; `blocked` if a link or file is in the way. */
export async function findParent(
	root: string,
	name: string,
): Promise<'there' | 'missing' | 'blocked'> {
	const parents = name.split('/').slice(0, -1);
	let directory = root;
	for (const segment of parents) {
		directory = path.join(directory, segment);
		const found = await lstat(directory).catch(ignoreMissing);
		if (found === undefined) {
			return 'missing';
		}

		if (!found.isDirectory()) {
			return 'blocked';
		}
	}

	return 'there';
}

/**
 * Copies the file or link `from` to `name`: written next to it, made durable, then renamed. The
 * caller syncs the directory. Keeps the owner and mode of an existing file, except for the
 * executable bits.
 */
export async function installFile(
	root: string,
	name: string,
	from: string,
	kind: TreeFile['kind'],
): Promise<void> {
	await mkdir(path.dirname(path.join(root, name)), {recursive: true});
	if ((await findParent(root, name)) !== 'there') {
		throw new FailureError('denied', `${name} was not written: its path contains a symbolic link`);
	}

	const target = path.join(root, name);
	const temporary = path.join(path.dirname(target), temporaryName(name));
	await rm(temporary, {force: true});
	if (kind === 'link') {
		await symlink(await readlink(from, 'buffer'), temporary);
	} else {
		await copyFile(from, temporary);
		const old = await lstat(target).catch(ignoreMissing);
		await chmod(temporary, modeFor(kind, old?.isFile() ? old.mode : undefined));
		if (old?.isFile()) {
			await chown(temporary, old.uid, old.gid).catch(() => undefined);
		}

		await syncAll([temporary]);
	}

	await rename(temporary, target);
}

/** Removes a file or link, and the directories that become empty. */
export async function removeFile(root: string, name: string): Promise<void> {
	if ((await findParent(root, name)) !== 'there') {
		return;
	}

	await rm(path.join(root, name), {force: true});
	let directory = path.dirname(name);
	while (directory !== '.' && (await removeIfEmpty(path.join(root, directory)))) {
		directory = path.dirname(directory);
	}
}

/** Deterministic, so that leftovers of a crash are replaced by the next try. */
function temporaryName(name: string): string {
	return `.llm-orchestrator-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.tmp`;
}

function modeFor(kind: 'file' | 'executable', old: number | undefined): number {
	const mode = (old ?? 0o666 & ~process.umask()) & 0o7777;
	return kind === 'executable' ? mode | ((mode & 0o444) >> 2) | 0o100 : mode & ~0o111;
}

async function blobId(file: string, size: number, algorithm: string): Promise<string> {
	const hash = createHash(algorithm).update(`blob ${size}\0`);
	for await (const chunk of createReadStream(file)) {
		hash.update(chunk);
	}

	return hash.digest('hex');
}

async function removeIfEmpty(directory: string): Promise<boolean> {
	return rmdir(directory).then(
		() => true,
		() => false,
	);
}

/** For `catch`: a missing file is a valid result, everything else is a failure. */
function ignoreMissing(error: unknown): undefined {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code !== 'ENOENT' && code !== 'ENOTDIR') {
		throw error;
	}
}
