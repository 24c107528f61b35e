import {mkdir, readdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {FailureError} from '../core/failure.ts';
import type {TreeFile} from './git-trees.ts';
import {findParent, readDiskState, installFile, removeFile} from './disk-state.ts';
import type {DiskState} from './disk-state.ts';
import {syncAll} from './durability.ts';
import {joinRecords} from './git.ts';
import type {Git} from './git.ts';
import {callIn} from './stage-files.ts';

/** A change of one path from one content to another; `null`: no file. */
export type Step = {
	readonly path: string;
	readonly from: TreeFile | null;
	readonly to: TreeFile | null;
};

/** State of a step's path: not applied, applied, or neither. */
export type StepState = 'from' | 'to' | 'other';

export type Target = {
	readonly root: string;
	/** Hash of the repository's object ids: `sha1` or `sha256`. */
	readonly algorithm: string;
};

/** Determines the state of every step. */
export async function stepStates(
	target: Target,
	steps: readonly Step[],
): Promise<ReadonlyMap<string, StepState>> {
	const result = new Map<string, StepState>();
	for (const step of steps) {
		const state = await readDiskState(target.root, step.path, target.algorithm);
		result.set(step.path, await stateOf(target.root, step, state, steps));
	}

	return result;
}

/** Applies steps: removals first, so that a directory can replace a file and vice versa. */
export async function applySteps(
	git: Git,
	target: Target,
	steps: readonly Step[],
	scratch: string,
): Promise<void> {
	const contents = path.join(scratch, 'contents');
	await rm(scratch, {recursive: true, force: true});
	try {
		await writeContents(
			git,
			steps.flatMap(({path: name, to}) => (to === null ? [] : [{name, file: to}])),
			{
				directory: contents,
				index: path.join(scratch, 'index'),
			},
		);
		for (const {path: name} of steps.filter(({to}) => to === null)) {
			await withFileName(name, () => removeFile(target.root, name));
		}

		const writes = steps.flatMap(({path: name, to}) => (to === null ? [] : [{name, to}]));
		for (let at = 0; at < writes.length; at += batchSize) {
			// Most of the time is spent waiting for the disk, which can handle several at a time.
			const placed = await Promise.allSettled(
				writes
					.slice(at, at + batchSize)
					.map(({name, to}) =>
						withFileName(name, () =>
							installFile(target.root, name, path.join(contents, name), to.kind),
						),
					),
			);
			const failed = placed.find(result => result.status === 'rejected');
			if (failed !== undefined) {
				throw failed.reason;
			}
		}

		await syncParents(target.root, steps);
	} finally {
		await rm(scratch, {recursive: true, force: true});
	}
}

/** Makes the names durable; the contents already are. */
async function syncParents(root: string, steps: readonly Step[]): Promise<void> {
	const parents = new Set<string>();
	for (const step of steps) {
		const there = (await findParent(root, step.path)) === 'there';
		parents.add(there ? path.dirname(path.join(root, step.path)) : root);
	}

	await syncAll([...parents]);
}

/** Writes blobs of the repository as files and links to a new directory. */
export async function writeContents(
	git: Git,
	files: readonly {readonly name: string; readonly file: TreeFile}[],
	{directory, index}: {readonly directory: string; readonly index: string},
): Promise<void> {
	await mkdir(directory, {recursive: true});
	if (files.length === 0) {
		return;
	}

	const call = callIn({index, workTree: directory});
	const entries = files.map(({name, file}) =>
		Buffer.from(`${modes[file.kind]} ${file.id} 0\t${name}`),
	);
	await git.run(['update-index', '-z', '--index-info'], {...call, input: joinRecords(entries)});
	await git.run(['checkout-index', '--all', '--quiet'], call);
}

const batchSize = 16;

const modes = {file: '100644', executable: '100755', link: '120000'} as const;

async function stateOf(
	root: string,
	step: Step,
	state: DiskState,
	steps: readonly Step[],
): Promise<StepState> {
	const {path: name, from, to} = step;
	if (state === 'blocked') {
		// A file or link is above it: fine if that is removed first, or has replaced it.
		const above = steps.find(other => name.startsWith(`${other.path}/`));
		return above === undefined
			? 'other'
			: from === null && above.to === null
				? 'from'
				: to === null && above.to !== null
					? 'to'
					: 'other';
	}

	if (state === 'directory') {
		const inside = steps.filter(other => other.path.startsWith(`${name}/`));
		if (inside.length === 0) {
			return 'other';
		}

		if (from !== null) {
			return to === null ? 'to' : 'other';
		}

		return (await holdsOnlyRemoved(root, name, inside)) ? 'from' : 'other';
	}

	const modeMatters = from?.id === to?.id;
	return matches(state, to, modeMatters)
		? 'to'
		: matches(state, from, modeMatters)
			? 'from'
			: 'other';
}

function matches(state: TreeFile | null, side: TreeFile | null, modeMatters: boolean): boolean {
	if (state === null || side === null) {
		return state === side;
	}

	const sameKind = modeMatters
		? state.kind === side.kind
		: (state.kind === 'link') === (side.kind === 'link');
	return sameKind && state.id === side.id;
}

/** Whether the directory has no files left after the steps' removals. */
async function holdsOnlyRemoved(
	root: string,
	name: string,
	steps: readonly Step[],
): Promise<boolean> {
	const removed = new Set(steps.filter(({to}) => to === null).map(step => step.path));
	const onlyThose = async (directory: string): Promise<boolean> => {
		// Not `recursive`, since Node then follows links to directories.
		const entries = await readdir(path.join(root, directory), {withFileTypes: true});
		for (const entry of entries) {
			const inside = `${directory}/${entry.name}`;
			if (!(entry.isDirectory() ? await onlyThose(inside) : removed.has(inside))) {
				return false;
			}
		}

		return true;
	};

	return onlyThose(name);
}

async function withFileName(name: string, effect: () => Promise<void>): Promise<void> {
	try {
		await effect();
	} catch (error) {
		if (error instanceof FailureError) {
			throw error;
		}

		const reason = error instanceof Error ? error.message : String(error);
		throw new FailureError('bad-request', `${name} could not be written: ${reason}`, {
			hint: 'Free up space or fix the permissions, then resume the run: nothing is done twice',
			cause: error,
		});
	}
}
