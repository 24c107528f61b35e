import {copyFile, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {DeliveryPath} from '../core/run-event.ts';
import type {TreeChange, TreeFile} from './git-trees.ts';
import {readDiskState, installFile} from './disk-state.ts';
import type {Git} from './git.ts';
import {applySteps, stepStates, writeContents} from './delivery-steps.ts';
import type {Step, Target} from './delivery-steps.ts';
import type {Undone} from './workspace.ts';

/**
 * Undoes delivered paths. A path as delivered gets its old content; one as before needs nothing; a
 * text edited since then is merged; what cannot be merged is kept.
 */
export async function undoDelivery(
	git: Git,
	target: Target,
	{
		paths,
		delivered,
		scratch,
	}: {
		readonly paths: readonly DeliveryPath[];
		/** What is known about the kinds of the files. */
		readonly delivered: readonly TreeChange[];
		readonly scratch: string;
	},
): Promise<Undone> {
	const steps = reverseSteps(paths, delivered);
	const states = await stepStates(target, steps);
	const back = steps.filter(step => states.get(step.path) === 'from');
	await applySteps(git, target, back, scratch);

	const files = back.map(step => step.path);
	const kept: string[] = [];
	for (const step of steps.filter(step => states.get(step.path) === 'other')) {
		const merged = await mergeBack(git, target, step, scratch);
		(merged ? files : kept).push(step.path);
	}

	return {files: files.sort(), kept};
}

function reverseSteps(
	paths: readonly DeliveryPath[],
	delivered: readonly TreeChange[],
): readonly Step[] {
	const kinds = new Map(delivered.map(change => [change.path, change]));
	const side = (id: string | null, known: TreeFile | null | undefined): TreeFile | null =>
		id === null ? null : known?.id === id ? known : {kind: 'file', id};
	return paths.map(({path: name, before, after}) => ({
		path: name,
		from: side(after, kinds.get(name)?.after),
		to: side(before, kinds.get(name)?.before),
	}));
}

/** Whether the later edits and the undo were merged. */
async function mergeBack(
	git: Git,
	target: Target,
	{path: name, from, to}: Step,
	scratch: string,
): Promise<boolean> {
	const state = await readDiskState(target.root, name, target.algorithm);
	if (from === null || to === null || from.kind === 'link' || to.kind === 'link') {
		return false;
	}

	if (state === null || typeof state === 'string' || state.kind === 'link') {
		return false;
	}

	const contents = path.join(scratch, 'contents');
	const at = (file: string): string => path.join(contents, file);
	await rm(scratch, {recursive: true, force: true});
	try {
		await mkdir(contents, {recursive: true});
		await writeContents(
			git,
			[
				{name: 'after', file: from},
				{name: 'before', file: to},
			],
			{directory: contents, index: path.join(scratch, 'index')},
		);
		await copyFile(path.join(target.root, name), at('current'));
		const seen = await readFile(at('current'));
		const merged = await git.run(
			['merge-file', '-p', '-q', at('current'), at('after'), at('before')],
			{
				accept: conflictCodes,
			},
		);
		const untouched = (await readFile(path.join(target.root, name))).equals(seen);
		if (merged.exitCode !== 0 || !untouched) {
			return false;
		}

		await writeFile(at('merged'), merged.stdout);
		await installFile(target.root, name, at('merged'), state.kind);
		return true;
	} finally {
		await rm(scratch, {recursive: true, force: true});
	}
}

/** The number of conflicts, at most 127, or 255 for binary files. */
const conflictCodes = [...Array.from({length: 127}, (_, index) => index + 1), 255];
