import {rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {commitTree, mergeTrees, treeOf} from './git-trees.ts';
import type {Git} from './git.ts';
import type {SourceRepository} from './source-directory.ts';

export type Rebased =
	| {readonly kind: 'commit'; readonly commit: string}
	| {readonly kind: 'impossible'; readonly reason: string};

/**
 * The change from `base` to `head` as one commit on the person's HEAD, and nothing else: the
 * snapshot's uncommitted files must not end up in their history. Three parentless commits represent
 * the snapshot, and HEAD and the result as changes to it; the latter two are merged.
 */
export async function rebaseOntoHead(
	git: Git,
	repository: SourceRepository,
	{base, head, message}: {readonly base: string; readonly head: string; readonly message: string},
): Promise<Rebased> {
	if (repository.head === undefined) {
		return {kind: 'impossible', reason: 'the repository has no commits yet'};
	}

	const snapshot = await commitTree(git, await treeOf(git, base), undefined, 'snapshot');
	const theirs = await commitTree(git, await headTree(git, repository), snapshot, 'HEAD');
	const ours = await commitTree(git, await treeOf(git, head), snapshot, 'result');
	const merged = await mergeTrees(git, theirs, ours);
	if (merged.kind === 'conflict') {
		return {kind: 'impossible', reason: `it conflicts with HEAD in ${merged.paths.join(', ')}`};
	}

	const tree = await graft(git, repository, merged.tree);
	return {kind: 'commit', commit: await commitTree(git, tree, repository.head, message)};
}

/** Fetches a commit of ours into the person's repository as a branch; returns the branch's name. */
export async function publishBranch(
	git: Git,
	repository: SourceRepository,
	{commit, run, from}: {readonly commit: string; readonly run: string; readonly from: string},
): Promise<string> {
	const wanted = `llm-orchestrator/${run}`;
	for (let number = 1; ; number++) {
		const name = number === 1 ? wanted : `${wanted}-${number}`;
		const existing = await repository.git.run(
			['rev-parse', '--verify', '--quiet', `refs/heads/${name}`],
			{accept: [1]},
		);
		const taken = existing.stdout.toString().trim();
		if (taken === commit) {
			return name;
		}

		if (taken === '') {
			await git.run(['update-ref', 'refs/delivery/branch', commit]);
			await repository.git.run([
				'fetch',
				'--quiet',
				'--no-tags',
				'--no-write-fetch-head',
				'--no-auto-maintenance',
				'--no-recurse-submodules',
				from,
				`refs/delivery/branch:refs/heads/${name}`,
			]);
			return name;
		}
	}
}

/**
 * Writes the change as a patch for `git apply`, including binary files. Its paths begin at the root of
 * the repository: others are silently skipped in a subdirectory
 * (https://git-scm.com/docs/git-apply#_description).
 *
 * @param prefix path from the root of the person's repository to the directory; `''` if that is the root
 */
export async function writePatch(
	git: Git,
	{base, head, prefix}: {readonly base: string; readonly head: string; readonly prefix: string},
	file: string,
): Promise<void> {
	const below = prefix === '' ? '' : `${prefix}/`;
	const {stdout} = await git.run([
		'diff-tree',
		'-r',
		'-p',
		'--binary',
		'--full-index',
		'--no-ext-diff',
		'--no-textconv',
		`--src-prefix=a/${below}`,
		`--dst-prefix=b/${below}`,
		base,
		head,
	]);
	const temporary = path.join(path.dirname(file), `.${path.basename(file)}.new`);
	await rm(temporary, {force: true});
	await writeFile(temporary, stdout, {flush: true});
	await rename(temporary, file);
}

/** HEAD's tree of the directory; the empty tree if HEAD has no such directory. */
async function headTree(git: Git, {head, prefix}: SourceRepository): Promise<string> {
	const {stdout, exitCode} = await git.run(
		['rev-parse', '--verify', '--quiet', prefix === '' ? `${head}^{tree}` : `${head}:${prefix}`],
		{accept: [1]},
	);
	return exitCode === 0 ? stdout.toString().trim() : git.text(['mktree'], {input: ''});
}

/** HEAD's tree with the directory replaced. */
async function graft(
	git: Git,
	{head, prefix}: SourceRepository,
	replacement: string,
): Promise<string> {
	const replace = async (tree: string | undefined, names: readonly string[]): Promise<string> => {
		const [name, ...below] = names;
		if (name === undefined) {
			return replacement;
		}

		const entries = tree === undefined ? [] : await git.records(['ls-tree', '-z', tree]);
		const isThis = (entry: Buffer) =>
			entry.subarray(entry.indexOf(0x09) + 1).equals(Buffer.from(name));
		const old = entries.find(isThis)?.toString().split(/[ \t]/);
		const child = await replace(old?.[1] === 'tree' ? old[2] : undefined, below);
		const changed = Buffer.from(`040000 tree ${child}\t${name}`);
		const input = Buffer.concat(
			[...entries.filter(entry => !isThis(entry)), changed].flatMap(entry => [entry, Buffer.of(0)]),
		);
		return git.text(['mktree', '-z'], {input});
	};

	return replace(`${head}^{tree}`, prefix === '' ? [] : prefix.split('/'));
}
