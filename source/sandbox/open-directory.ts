import type {BigIntStats, Stats} from 'node:fs';
import {constants, existsSync} from 'node:fs';
import {lstat, open, realpath} from 'node:fs/promises';
import path from 'node:path';

/**
 * A directory that was reached without following links. Operations through `entry` apply to this
 * directory, even if it is moved or replaced by a link in the meantime.
 */
export type OpenDirectory = {
	/** A path by which the system finds that entry of this directory. */
	entry(name: string): string;
	/** Opens a subdirectory; rejects with `ENOTDIR` or `ELOOP` for a link or a file. */
	enter(name: string): Promise<OpenDirectory>;
	/** Rejects if the path to this directory, or to what was opened in it, has changed. */
	verify(entry?: {readonly name: string; readonly opened: Stats}): Promise<void>;
	sync(): Promise<void>;
	close(): Promise<void>;
};

export type DirectoryWalk = 'descriptors' | 'paths';

/**
 * `descriptors` (Linux) keeps every directory open and names entries through `/proc/self/fd`, which
 * leaves no window to insert a link. `paths` (elsewhere) compares device and inode numbers of the
 * path before and after; two well-timed swaps can evade it.
 */
export async function openRoot(root: string, walk = defaultWalk()): Promise<OpenDirectory> {
	return walk === 'descriptors' ? openDescriptor(root, 0) : openPath(await realpath(root), []);
}

/** The error of `verify` and `enter` for a link, like the system's. */
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

type TrailEntry = {readonly file: string; readonly seen: BigIntStats};

async function openPath(file: string, above: readonly TrailEntry[]): Promise<OpenDirectory> {
	const trail = [...above, {file, seen: await lstatDirectory(file)}];
	const entry = (name: string): string => path.join(file, name);
	return {
		entry,
		enter: name => openPath(entry(name), trail),
		async verify(inside) {
			for (const mark of trail) {
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
