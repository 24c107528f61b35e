import type {Change, FileChange} from '../core/change.ts';
import {FailureError} from '../core/failure.ts';
import type {Git} from './git.ts';
import type {MergeResult} from './workspace.ts';

/** A file of a tree: its kind and its blob. */
export type TreeFile = {readonly kind: 'file' | 'executable' | 'link'; readonly id: string};

/** A path that differs between two trees; `null`: absent. */
export type TreeChange = {
	readonly path: string;
	readonly before: TreeFile | null;
	readonly after: TreeFile | null;
	/** Lines; 0 for binary files. */
	readonly added: number;
	readonly removed: number;
};

/**
 * Commits a tree on a parent. Deterministic: the same input makes the same commit at any time on
 * any machine.
 */
export async function commitTree(
	git: Git,
	tree: string,
	parent: string | undefined,
	message: string,
): Promise<string> {
	const date =
		parent === undefined ? firstDate : await git.text(['log', '-1', '--format=@%ct +0000', parent]);
	const parents = parent === undefined ? [] : ['-p', parent];
	return git.text(['commit-tree', tree, ...parents], {
		input: message,
		environment: {GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date},
	});
}

export async function treeOf(git: Git, commit: string): Promise<string> {
	return git.text(['rev-parse', '--verify', `${commit}^{tree}`]);
}

/** The differences between two trees, sorted by path. Submodule entries are ignored. */
export async function compareTrees(
	git: Git,
	from: string,
	to: string,
): Promise<readonly TreeChange[]> {
	const records = await git.records([
		'diff-tree',
		'-r',
		'-z',
		'--raw',
		'--numstat',
		'--no-abbrev',
		'--no-renames',
		'--no-ext-diff',
		'--no-textconv',
		from,
		to,
	]);
	const sides = new Map<string, Pick<TreeChange, 'before' | 'after'>>();
	const changes: TreeChange[] = [];
	for (let at = 0; at < records.length; at++) {
		const text = records[at]?.toString() ?? '';
		if (text.startsWith(':')) {
			const [before, after, beforeId, afterId] = text.slice(1).split(' ');
			at++;
			sides.set(records[at]?.toString() ?? '', {
				before: treeFile(before, beforeId),
				after: treeFile(after, afterId),
			});
			continue;
		}

		const [added, removed, ...rest] = text.split('\t');
		const path = rest.join('\t');
		const side = sides.get(path);
		if (side !== undefined && (side.before !== null || side.after !== null)) {
			changes.push({path, ...side, added: Number(added) || 0, removed: Number(removed) || 0});
		}
	}

	return changes;
}

export function asChange(commit: string, base: string, changes: readonly TreeChange[]): Change {
	const files = changes.map(({path, before, after, added, removed}): FileChange => {
		const status = before === null ? 'added' : after === null ? 'deleted' : 'modified';
		return {path, status, added, removed};
	});
	return {commit, base, files};
}

/** Unified diff of two trees, cut after `maxBytes` with a note. */
export async function diffTrees(
	git: Git,
	from: string,
	to: string,
	maxBytes: number,
): Promise<string> {
	const {stdout} = await git.run(
		['diff-tree', '-r', '-p', '--no-ext-diff', '--no-textconv', '--no-color', from, to],
		{maxBytes: maxBytes + 1},
	);
	if (stdout.length <= maxBytes) {
		return stdout.toString();
	}

	const end = stdout.lastIndexOf(0x0a, maxBytes - cutNote.length - 1) + 1;
	return `${stdout.subarray(0, end).toString()}${cutNote}`.slice(0, Math.max(0, maxBytes));
}

/** Applies a change to `head` as one commit, touching no files and no references. */
export async function mergeChange(git: Git, change: Change, head: string): Promise<MergeResult> {
	const merged = await mergeTrees(git, head, change.commit);
	if (merged.kind === 'conflict') {
		return merged;
	}

	if (merged.tree === (await treeOf(git, head))) {
		return {kind: 'merged', commit: head};
	}

	const message = await git.text(['log', '-1', '--format=%B', change.commit]);
	return {kind: 'merged', commit: await commitTree(git, merged.tree, head, message)};
}

export type MergedTrees =
	| {readonly kind: 'merged'; readonly tree: string}
	| {readonly kind: 'conflict'; readonly paths: readonly string[]};

/**
 * Three-way merge of two commits with their common ancestor.
 * https://git-scm.com/docs/git-merge-tree
 */
export async function mergeTrees(git: Git, ours: string, theirs: string): Promise<MergedTrees> {
	const {stdout, exitCode} = await git.run(
		['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs],
		{accept: [1]},
	);
	const [tree, ...paths] = stdout.toString().split('\0');
	if (tree === undefined || tree === '') {
		throw new FailureError('internal', `git merge-tree returned no tree for ${ours} and ${theirs}`);
	}

	return exitCode === 0
		? {kind: 'merged', tree}
		: {kind: 'conflict', paths: [...new Set(paths.filter(path => path !== ''))].sort()};
}

/** The date of commits without a commit of the person before them, so that ids are reproducible. */
const firstDate = '@946684800 +0000';

const cutNote = '… the rest of the diff is left out\n';

function treeFile(mode: string | undefined, id: string | undefined): TreeFile | null {
	if (id === undefined) {
		return null;
	}

	switch (mode) {
		case '100644':
			return {kind: 'file', id};
		case '100755':
			return {kind: 'executable', id};
		case '120000':
			return {kind: 'link', id};
		default:
			return null;
	}
}
