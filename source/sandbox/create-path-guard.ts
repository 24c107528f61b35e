import {realpathSync} from 'node:fs';
import {lstat, readlink} from 'node:fs/promises';
import path from 'node:path';
import {FailureError} from '../core/failure.ts';
import {codeOf, enterOrCreate, listEntries, readRegularFile, replaceFile} from './guarded-file.ts';
import {openRoot} from './open-directory.ts';
import type {DirectoryWalk, OpenDirectory} from './open-directory.ts';
import type {Entry, PathGuard} from './path-guard.ts';
import {denied, normalizeWithin, split} from './workspace-path.ts';

export type PathGuardOptions = {
	/** How directories are walked; default: the strongest way on this system. */
	readonly walk?: DirectoryWalk | undefined;
};

/**
 * Opens first and checks what was opened, because a path may change between check and use. Reading
 * follows links that stay inside; writing follows none.
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

	/** Calls `use` at the path's target. Links are resolved manually, each again from the root. */
	const followLinks = async <Result>(
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
			return translateErrors(name, () =>
				followLinks(name, async (directory, last) =>
					readRegularFile(directory, last, name, maxBytes),
				),
			);
		},

		async writeFile(name, content) {
			const {parents, last} = split(normalize(name));
			if (last === '.') {
				throw new FailureError('tool-failed', `${name} is a directory`);
			}

			await translateErrors(name, () =>
				walk(parents, directory => replaceFile(directory, last, name, content), enterOrCreate),
			);
		},

		async listDirectory(name) {
			const place = normalize(name);
			const entries = await translateErrors(name, () =>
				followLinks(place, async (directory, last) => listEntries(directory, last)),
			);
			if (entries === undefined) {
				throw new FailureError('tool-failed', `There is no directory ${name}`);
			}

			return entries.map(({name: file, ...entry}): Entry => ({
				path: place === '.' ? file : `${place}/${file}`,
				...entry,
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

/** The target path if there is a link on the way to `target` or at its end. */
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

/** Turns system errors into failures; a missing file becomes `undefined`. */
async function translateErrors<Result>(
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
				throw new FailureError('tool-failed', `A part of ${name} is not a directory`, {
					cause: error,
				});
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
