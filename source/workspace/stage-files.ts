import {copyFile, lstat, utimes} from 'node:fs/promises';
import {joinRecords} from './git.ts';
import type {Git, GitCall} from './git.ts';

/** A directory of files and its git index. */
export type Tracked = {readonly index: string; readonly workTree: string};

/**
 * Updates the index from the files and returns the tree. Not `git add -A`, which starts `git
 * status` in every nested repository, with that repository's settings, which an agent may have
 * written. Nested repositories are left alone: submodule entries are kept, others are ignored.
 */
export async function stage(git: Git, tracked: Tracked): Promise<string> {
	const call = callIn(tracked);
	await git.run(['update-index', '-q', '--unmerged', '--refresh'], {...call, accept: [1]});
	const links = await gitLinks(git, call);
	const isFile = (name: Buffer) => name.at(-1) !== slash && !links.has(byteKey(name));

	const listed = await git.records(
		['ls-files', '-z', '-t', '-m', '-d', '-o', '--exclude-standard'],
		call,
	);
	const isNew = (entry: Buffer) => entry[0] === '?'.charCodeAt(0);
	const nameOf = (entry: Buffer) => entry.subarray(2);
	const untracked = listed.filter(isNew).map(nameOf).filter(isFile);
	const changed = new Map(
		listed
			.filter(entry => !isNew(entry))
			.map(nameOf)
			.filter(isFile)
			.map(name => [byteKey(name), name]),
	);
	const {present, gone} = await partition(tracked.workTree, [...changed.values()]);
	await feed(git, ['--force-remove'], gone, call);
	await feed(git, ['--add', '--replace'], [...untracked, ...present], call);
	return git.text(['write-tree'], call);
}

/** Nested repositories that are not submodules: their files cannot be part of a tree. */
export async function innerRepositories(git: Git, tracked: Tracked): Promise<readonly string[]> {
	const listed = await git.records(['ls-files', '-z', '-o', '--exclude-standard'], callIn(tracked));
	return listed.filter(name => name.at(-1) === slash).map(String);
}

/** Tells git where the index and its files are. */
export function callIn({index, workTree}: Tracked): GitCall {
	return {environment: {GIT_INDEX_FILE: index, GIT_WORK_TREE: workTree}, directory: workTree};
}

/**
 * Copies an index with its time, rounded down: git considers a file unchanged only if it is older
 * than the index. https://git-scm.com/docs/racy-git
 */
export async function copyIndex(from: string, to: string): Promise<void> {
	const {mtimeMs} = await lstat(from);
	await copyFile(from, to);
	const seconds = Math.floor(mtimeMs / 1000);
	await utimes(to, seconds, seconds);
}

const slash = 0x2f;

/** A string that is equal for equal bytes, UTF-8 or not. */
const byteKey = (name: Buffer): string => name.toString('latin1');

async function gitLinks(git: Git, call: GitCall): Promise<ReadonlySet<string>> {
	const entries = await git.records(['ls-files', '-z', '-s'], call);
	const links = entries.filter(entry => entry.subarray(0, 7).equals(linkMode));
	return new Set(links.map(entry => byteKey(entry.subarray(entry.indexOf(0x09) + 1))));
}

const linkMode = Buffer.from('160000 ');

/**
 * Separates paths that still are a file or link themselves, not seen through a linked directory.
 */
async function partition(
	workTree: string,
	names: readonly Buffer[],
): Promise<{readonly present: readonly Buffer[]; readonly gone: readonly Buffer[]}> {
	const root = Buffer.from(`${workTree}/`);
	const directories = new Map<string, boolean>();
	const isDirectory = async (name: Buffer): Promise<boolean> => {
		const known = directories.get(byteKey(name));
		if (known !== undefined) {
			return known;
		}

		const parent = parentOf(name);
		const found = await lstat(Buffer.concat([root, name])).catch(() => undefined);
		const real =
			found?.isDirectory() === true && (parent === undefined || (await isDirectory(parent)));
		directories.set(byteKey(name), real);
		return real;
	};

	const present: Buffer[] = [];
	const gone: Buffer[] = [];
	for (const name of names) {
		const parent = parentOf(name);
		const found = await lstat(Buffer.concat([root, name])).catch(() => undefined);
		const there =
			(found?.isFile() === true || found?.isSymbolicLink() === true) &&
			(parent === undefined || (await isDirectory(parent)));
		(there ? present : gone).push(name);
	}

	return {present, gone};
}

function parentOf(name: Buffer): Buffer | undefined {
	const end = name.lastIndexOf(slash);
	return end === -1 ? undefined : name.subarray(0, end);
}

async function feed(
	git: Git,
	flags: readonly string[],
	names: readonly Buffer[],
	call: GitCall,
): Promise<void> {
	if (names.length > 0) {
		await git.run(['update-index', ...flags, '-z', '--stdin'], {
			...call,
			input: joinRecords(names),
		});
	}
}
