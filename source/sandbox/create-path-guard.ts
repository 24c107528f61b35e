import {createHash} from 'node:crypto';
import {constants, realpathSync} from 'node:fs';
import type {Stats} from 'node:fs';
import {lstat, mkdir, open, readdir, readlink, rename, unlink} from 'node:fs/promises';
import path from 'node:path';
import {FailureError} from '../core/failure.ts';
import {linkError, openRoot} from './open-directory.ts';
import type {DirectoryWalk, OpenDirectory} from './open-directory.ts';
import type {Entry, PathGuard} from './path-guard.ts';

export type PathGuardOptions = {
	/** How directories are walked; default: the strongest way of this system. */
	readonly walk?: DirectoryWalk | undefined;
};

/**
 * Opens first and judges what was opened, because a path that was checked may be another one when it
 * is used. Reading follows links that stay inside; writing follows none.
 */
export function createPathGuard(root: string, options: PathGuardOptions = {}): PathGuard {
	const given = path.resolve(root);
	const real = realpathSync(given);
	const roots = [...new Set([given, real])];
	const normalize = (name: string): string => normalizeWithin(roots, name);

	const walk = async <Result>(
		names: readonly string[],
		use: (directory: OpenDirectory) => Promise<Result>,
		step = (directory: OpenDirectory, name: string) => directory.enter(name),
	): Promise<Result> => {
		let directory = await openRoot(real, options.walk);
		try {
			for (const name of names) {
				const next = await step(directory, name);
				await directory.close();
				directory = next;
			}

			return await use(directory);
		} finally {
			await directory.close();
		}
	};

	/** Does `use` at the place that `name` means, links resolved by hand, each again from the root. */
	const following = async <Result>(
		name: string,
		use: (directory: OpenDirectory, last: string) => Promise<Result>,
	): Promise<Result> => {
		let target = normalize(name);
		for (let links = 0; links <= maxLinks; links++) {
			const found = await findLink(target, walk);
			if (found === undefined) {
				const {parents, last} = split(target);
				return walk(parents, directory => use(directory, last));
			}

			target = normalizeWithin(roots, found);
		}

		throw denied(name, 'its links lead in a circle');
	};

	return {
		root: given,
		normalize,

		async readFile(name, maxBytes = defaultMaxBytes) {
			return explaining(name, () =>
				following(name, async (directory, last) => readWhole(directory, last, name, maxBytes)),
			);
		},

		async writeFile(name, content) {
			const {parents, last} = split(normalize(name));
			if (last === '.') {
				throw new FailureError('tool-failed', `${name} is a directory`);
			}

			await explaining(name, () =>
				walk(parents, directory => replaceFile(directory, last, name, content), enterOrMake),
			);
		},

		async listDirectory(name) {
			const place = normalize(name);
			const entries = await explaining(name, () =>
				following(place, async (directory, last) => listEntries(directory, last)),
			);
			if (entries === undefined) {
				throw new FailureError('tool-failed', `There is no directory ${name}`);
			}

			return entries.map(({name: file, kind}): Entry => ({
				path: place === '.' ? file : `${place}/${file}`,
				kind,
			}));
		},
	};
}

const defaultMaxBytes = 10 * 1024 * 1024;
const maxLinks = 20;

type Walk = <Result>(
	names: readonly string[],
	use: (directory: OpenDirectory) => Promise<Result>,
) => Promise<Result>;

function normalizeWithin(roots: readonly string[], name: string): string {
	if (name.includes('\0')) {
		throw denied(JSON.stringify(name), 'a path cannot hold a NUL character');
	}

	let relative = name;
	if (path.isAbsolute(name)) {
		const inside = roots.map(root => path.relative(root, name)).find(isInside);
		if (inside === undefined) {
			throw denied(name, 'it is outside the workspace');
		}

		relative = inside;
	}

	const normal = path.normalize(relative).replace(/(?<=.)\/+$/, '');
	if (!isInside(normal)) {
		throw denied(name, 'it is outside the workspace');
	}

	if (normal.split('/').some(isGitDirectory)) {
		throw denied(name, 'the .git directory is closed');
	}

	return normal === '' ? '.' : normal;
}

function isInside(relative: string): boolean {
	return relative !== '..' && !relative.startsWith('../') && !path.isAbsolute(relative);
}

/** Some file systems ignore case and these characters. */
function isGitDirectory(segment: string): boolean {
	return /^\.git$/i.test(segment.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, ''));
}

function split(normal: string): {readonly parents: readonly string[]; readonly last: string} {
	const names = normal.split('/');
	return {parents: names.slice(0, -1), last: names.at(-1) ?? '.'};
}

/** The path that is meant if a link is on the way to `target` or is its end. */
async function findLink(target: string, walk: Walk): Promise<string | undefined> {
	const names = target === '.' ? [] : target.split('/');
	for (const [depth, name] of names.entries()) {
		const above = names.slice(0, depth);
		const link = await walk(above, async directory => {
			const file = directory.entry(name);
			return (await lstat(file)).isSymbolicLink() ? readlink(file) : undefined;
		});
		if (link !== undefined) {
			const place = path.isAbsolute(link) ? link : path.join(above.join('/'), link);
			return path.join(place, ...names.slice(depth + 1));
		}
	}

	return undefined;
}

async function readWhole(
	directory: OpenDirectory,
	last: string,
	name: string,
	maxBytes: number,
): Promise<Buffer> {
	// Opening a device or a pipe can do something or wait: look first, then open, then look again.
	const file = directory.entry(last);
	refuseUnlessFile(await lstat(file), name);
	const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const opened = await handle.stat();
		refuseUnlessFile(opened, name);
		await directory.verify();
		const now = await lstat(file);
		if (now.ino !== opened.ino || now.dev !== opened.dev) {
			throw linkError(name);
		}

		const buffer = Buffer.allocUnsafe(Math.min(maxBytes, opened.size) + 1);
		let length = 0;
		for (;;) {
			const {bytesRead} = await handle.read(buffer, length, buffer.length - length);
			length += bytesRead;
			if (bytesRead === 0 || length === buffer.length) {
				break;
			}
		}

		if (length > maxBytes) {
			throw new FailureError('tool-failed', `${name} is larger than ${maxBytes} bytes`);
		}

		return buffer.subarray(0, length);
	} finally {
		await handle.close();
	}
}

async function enterOrMake(directory: OpenDirectory, name: string): Promise<OpenDirectory> {
	await mkdir(directory.entry(name)).catch((error: unknown) => {
		if (codeOf(error) !== 'EEXIST') {
			throw error;
		}
	});
	return directory.enter(name);
}

async function replaceFile(
	directory: OpenDirectory,
	last: string,
	name: string,
	content: Buffer,
): Promise<void> {
	const target = directory.entry(last);
	const old = await lstat(target).catch(ignoreMissing);
	if (old !== undefined) {
		if (old.isSymbolicLink()) {
			throw linkError(name);
		}

		refuseUnlessFile(old, name);
		if (old.nlink > 1) {
			throw denied(name, 'another name outside may stand for the same file (hard link)');
		}
	}

	const temporary = directory.entry(
		`.llm-orchestrator-${createHash('sha256').update(last).digest('hex').slice(0, 16)}.tmp`,
	);
	await unlink(temporary).catch(ignoreMissing);
	const handle = await open(
		temporary,
		constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
		0o666,
	);
	try {
		await directory.verify();
		await handle.writeFile(content);
		if (old !== undefined) {
			await handle.chmod(old.mode & 0o777);
		}

		await handle.sync();
		await directory.verify();
		await rename(temporary, target);
		await directory.sync();
	} catch (error) {
		await unlink(temporary).catch(() => undefined);
		throw error;
	} finally {
		await handle.close();
	}
}

type NamedEntry = {readonly name: string; readonly kind: Entry['kind']};

async function listEntries(parent: OpenDirectory, last: string): Promise<readonly NamedEntry[]> {
	const directory = last === '.' ? parent : await parent.enter(last);
	try {
		const entries = await readdir(directory.entry('.'), {withFileTypes: true});
		await directory.verify();
		return entries
			.filter(({name}) => !isGitDirectory(name))
			.map((entry): NamedEntry => ({
				name: entry.name,
				kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other',
			}))
			.sort((a, b) => (a.name < b.name ? -1 : 1));
	} finally {
		if (directory !== parent) {
			await directory.close();
		}
	}
}

function refuseUnlessFile(found: Stats, name: string): void {
	if (!found.isFile()) {
		throw found.isSymbolicLink()
			? linkError(name)
			: new FailureError(
					'tool-failed',
					found.isDirectory() ? `${name} is a directory` : `${name} is no regular file`,
				);
	}
}

/** What the system says, as failures; a missing file is `undefined`. */
async function explaining<Result>(
	name: string,
	work: () => Promise<Result>,
): Promise<Result | undefined> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof FailureError) {
			throw error;
		}

		switch (codeOf(error)) {
			case 'ENOENT':
				return undefined;
			case 'ENOTDIR':
				throw new FailureError('tool-failed', `A part of ${name} is no directory`, {cause: error});
			case 'ELOOP':
				throw denied(name, 'a link is in the way', error);
			case 'EACCES':
			case 'EPERM':
			case 'EROFS':
				throw new FailureError('tool-failed', `${name} is protected`, {cause: error});
			default:
				throw new FailureError('tool-failed', `${name}: ${String(error)}`, {cause: error});
		}
	}
}

function denied(name: string, why: string, cause?: unknown): FailureError {
	return new FailureError('denied', `${name} is not accessible: ${why}`, {cause});
}

function codeOf(error: unknown): unknown {
	return error instanceof Error && 'code' in error ? error.code : undefined;
}

function ignoreMissing(error: unknown): undefined {
	if (codeOf(error) !== 'ENOENT') {
		throw error;
	}
}
