import {readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {FailureError} from '../core/failure.ts';
import {commitTree} from './git-trees.ts';
import type {Environment} from '../core/environment.ts';
import {createGit, gitConfigHome, joinRecords, type Git} from './git.ts';
import type {SourceDirectory, SourceRepository} from './source-directory.ts';
import {copyIndex, stage, callIn} from './stage-files.ts';
import type {Tracked} from './stage-files.ts';
import type {Snapshot} from './workspace.ts';

/** Commits the directory's current state into our repository, without touching the person's. */
export async function takeSnapshot(
	git: Git,
	source: SourceDirectory,
	index: string,
): Promise<Snapshot> {
	const tracked: Tracked = {index, workTree: source.root};
	await rm(index, {force: true});
	try {
		await seedIndex(git, source, tracked);
		const tree = await stageOrExplain(git, tracked);
		const files = await countFiles(git, tracked);
		if (files === 0) {
			await refuseFolderOfRepositories(source);
		}

		const parent = source.repository?.prefix === '' ? source.repository.head : undefined;
		const base = await commitTree(git, tree, parent, 'The directory at the start of the run\n');
		return {kind: source.repository === undefined ? 'plain' : 'git', base, files};
	} finally {
		await rm(index, {force: true});
	}
}

/**
 * What the person's git tracks is part of the snapshot even if a rule ignores it. Their index also
 * knows which files are unchanged, which can be trusted only if files and blobs are the same bytes.
 */
async function seedIndex(
	git: Git,
	{repository, environment}: SourceDirectory,
	tracked: Tracked,
): Promise<void> {
	if (repository === undefined) {
		return;
	}

	if (repository.prefix === '' && !(await mayConvert(repository, environment))) {
		const copied = await copyIndex(repository.index, tracked.index).then(
			() => true,
			() => false,
		);
		if (copied && (await isPlainIndex(git, tracked))) {
			return;
		}

		await rm(tracked.index, {force: true});
	}

	const entries = await repository.git.records(['ls-files', '-z', '-s', '--deduplicate'], {
		directory: tracked.workTree,
	});
	const merged = new Map(entries.map(entry => [pathOf(entry), atStageZero(entry)]));
	if (merged.size > 0) {
		const input = joinRecords([...merged.values()]);
		await git.run(['update-index', '-z', '--index-info'], {...callIn(tracked), input});
	}
}

/** Whether line-end conversion, filters or encodings may make a file differ from its blob. */
async function mayConvert(
	repository: SourceRepository,
	environment: Environment,
): Promise<boolean> {
	const personal = createGit({at: {directory: repository.root}, environment, personal: true});
	for (const name of ['core.autocrlf', 'core.attributesFile']) {
		const {stdout} = await personal.run(['config', '--get', name], {accept: [1, 128]});
		if (!['', 'false'].includes(stdout.toString().trim())) {
			return true;
		}
	}

	const files = [
		repository.attributes,
		path.join(gitConfigHome(environment), 'git/attributes'),
		'/etc/gitattributes',
		path.join(repository.root, '.gitattributes'),
	];
	const found = await Promise.allSettled(files.map(file => stat(file)));
	if (found.some(({status}) => status === 'fulfilled')) {
		return true;
	}

	const names = await repository.git.records(['ls-files', '-z'], {directory: repository.root});
	return names.some(name => /(^|\/)\.gitattributes$/.test(name.toString('latin1')));
}

/** Readable without companion files; no conflicts, sparse entries, or files assumed unchanged. */
async function isPlainIndex(git: Git, tracked: Tracked): Promise<boolean> {
	const {stdout, exitCode} = await git.run(['ls-files', '-z', '-v'], {
		...callIn(tracked),
		accept: [1, 128],
	});
	const plain = 'H'.charCodeAt(0);
	let start = 0;
	while (start < stdout.length && stdout[start] === plain) {
		start = stdout.indexOf(0, start) + 1;
	}

	return exitCode === 0 && start >= stdout.length;
}

const tab = 0x09;

/** An entry of `ls-files -s` is `mode id stage TAB path`. */
function pathOf(entry: Buffer): string {
	return entry.subarray(entry.indexOf(tab) + 1).toString('latin1');
}

function atStageZero(entry: Buffer): Buffer {
	const end = entry.indexOf(tab);
	const [mode, id] = entry.subarray(0, end).toString('latin1').split(' ');
	return Buffer.concat([Buffer.from(`${mode} ${id} 0`), entry.subarray(end)]);
}

async function stageOrExplain(git: Git, tracked: Tracked): Promise<string> {
	try {
		return await stage(git, tracked);
	} catch (error) {
		if (error instanceof FailureError && error.kind === 'internal') {
			throw new FailureError(
				'bad-request',
				`The directory ${tracked.workTree} cannot be snapshotted: ${error.message}`,
				{hint: 'Make the named file readable, or add it to .gitignore', cause: error},
			);
		}

		throw error;
	}
}

async function countFiles(git: Git, tracked: Tracked): Promise<number> {
	return (await git.records(['ls-files', '-z'], callIn(tracked))).length;
}

async function refuseFolderOfRepositories({root}: SourceDirectory): Promise<void> {
	const names = await readdir(root);
	const found = await Promise.allSettled(names.map(name => stat(path.join(root, name, '.git'))));
	if (found.some(({status}) => status === 'fulfilled')) {
		throw new FailureError(
			'bad-request',
			`The directory ${root} contains only other git repositories`,
			{hint: 'Run in one of them instead'},
		);
	}
}
