import type {BigIntStats, Stats} from 'node:fs';
import {constants, existsSync} from 'node:fs';
import {lstat, open, realpath} from 'node:fs/promises';
import path from 'node:path';

/**
 * A directory that was reached without following a link. What is done through `entry` is done in
 * this directory, even if somebody moves it or puts a link in its place meanwhile.
 */
export type OpenDirectory = {
	/** A path by which the system finds that entry of this directory. */
	entry(name: string): string;
	/** Opens a directory in it; rejects with `ENOTDIR` or `ELOOP` for a link or a file. */
	enter(name: string): Promise<OpenDirectory>;
	/** Rejects when the way to this directory, or to what was opened in it, is no longer what it was. */
	verify(entry?: {readonly name: string; readonly opened: Stats}): Promise<void>;
	sync(): Promise<void>;
	close(): Promise<void>;
};

export type DirectoryWalk = 'descriptors' | 'paths';

/**
 * `descriptors` (Linux) holds every directory open and names entries through `/proc/self/fd`, which
 * leaves no moment to put a link in the way. `paths` (elsewhere) compares device and inode numbers
 * of the way before and after; two swaps at the right moments can pass it.
 */
export async function openRoot(root: string, walk = defaultWalk()): Promise<OpenDirectory> {
	return walk === 'descriptors' ? openDescriptor(root, 0) : openPath(await realpath(root), []);
}

/** The error that `verify` and `enter` give for a link, as the system does. */
export function linkError(file: string): Error {
	return Object.assign(new Error(`ELOOP: a link is in the way: ${file}`), {code: 'ELOOP'});
}

function defaultWalk(): DirectoryWalk {
	return process.platform === 'linux' && existsSync('/proc/self/fd') ? 'descriptors' : 'paths';
}

async function openDescriptor(file: string, flags: number): Promise<OpenDirectory> {
	const handle = await open(file, constants.O_RDONLY | constants.O_DIRECTORY | flags);
	const entry = (name: string): string => `/proc/self/fd/${handle.fd}/${name}`;
	return {
		entry,
		enter: name => openDescriptor(entry(name), constants.O_NOFOLLOW),
		verify: async () => undefined,
		sync: () => handle.sync(),
		close: () => handle.close(),
	};
}

type Landmark = {readonly file: string; readonly seen: BigIntStats};

async function openPath(file: string, above: readonly Landmark[]): Promise<OpenDirectory> {
	const way = [...above, {file, seen: await lstatDirectory(file)}];
	const entry = (name: string): string => path.join(file, name);
	return {
		entry,
		enter: name => openPath(entry(name), way),
		async verify(inside) {
			for (const mark of way) {
				const now = await lstatDirectory(mark.file);
				if (now.ino !== mark.seen.ino || now.dev !== mark.seen.dev) {
					throw linkError(mark.file);
				}
			}

			if (inside !== undefined) {
				const now = await lstat(entry(inside.name));
				if (now.ino !== inside.opened.ino || now.dev !== inside.opened.dev) {
					throw linkError(inside.name);
				}
			}
		},
		async sync() {
			const handle = await open(file, constants.O_RDONLY);
			await handle.sync().finally(async () => handle.close());
		},
		close: async () => undefined,
	};
}

async function lstatDirectory(file: string): Promise<BigIntStats> {
	const found = await lstat(file, {bigint: true});
	if (!found.isDirectory()) {
		throw found.isSymbolicLink()
			? linkError(file)
			: Object.assign(new Error(`ENOTDIR: not a directory: ${file}`), {code: 'ENOTDIR'});
	}

	return found;
}
