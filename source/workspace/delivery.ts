import path from 'node:path';
import {FailureError} from '../core/failure.ts';
import {publishBranch, rebaseOntoHead, writePatch} from './branch.ts';
import {compareTrees} from './git-trees.ts';
import type {TreeChange} from './git-trees.ts';
import type {Git} from './git.ts';
import type {SourceDirectory} from './source-directory.ts';
import {applySteps, stepStates} from './delivery-steps.ts';
import type {Step, Target} from './delivery-steps.ts';
import type {Delivered, DeliveryPlan} from './workspace.ts';

export type DeliveryOptions = {
	readonly git: Git;
	/** Our bare repository. */
	readonly repository: string;
	readonly workDirectory: string;
	readonly run: string;
};

/** Chooses how to deliver the change, given the directory's current state. */
export async function planDelivery(
	{git, run}: DeliveryOptions,
	source: SourceDirectory,
	base: string,
	head: string,
): Promise<DeliveryPlan> {
	const changes = await compareTrees(git, base, head);
	const paths = changes.map(({path: name, before, after}) => ({
		path: name,
		before: before?.id ?? null,
		after: after?.id ?? null,
	}));
	const unclear = await changedSinceStart(source, changes, base);
	if (unclear.length === 0) {
		return {mode: 'apply', paths};
	}

	const reason = `${listPaths(unclear)} changed in the directory since the run began`;
	if (source.repository === undefined) {
		return {mode: 'patch', paths, reason};
	}

	const message = messageOf(run);
	const rebased = await rebaseOntoHead(git, source.repository, {base, head, message});
	return rebased.kind === 'commit'
		? {mode: 'branch', paths, reason}
		: {mode: 'patch', paths, reason: `${reason}, and ${rebased.reason}`};
}

/** Delivers the change as planned. Continues where it stopped, so it can be called again. */
export async function deliver(
	options: DeliveryOptions,
	source: SourceDirectory,
	{base, head, plan}: {readonly base: string; readonly head: string; readonly plan: DeliveryPlan},
): Promise<Delivered> {
	const files = plan.paths.map(({path: name}) => name);
	await rememberDelivery(options.git, base, head);
	if (plan.mode === 'apply') {
		await apply(options, source, base, head);
		return {mode: 'apply', files};
	}

	const branch =
		plan.mode === 'branch' ? await deliverBranch(options, source, base, head) : undefined;
	if (branch !== undefined) {
		return {mode: 'branch', files, target: branch};
	}

	const patch = path.join(path.dirname(options.workDirectory), `${options.run}.patch`);
	const {prefix = ''} = source.repository ?? {};
	await writePatch(options.git, {base, head, prefix}, patch);
	return {mode: 'patch', files, target: patch};
}

/**
 * The changes of the last delivery, including the kinds of files, which the log does not contain.
 */
export async function deliveredChanges(git: Git): Promise<readonly TreeChange[]> {
	const {exitCode} = await git.run(['rev-parse', '--verify', '--quiet', deliveredRefs.head], {
		accept: [1],
	});
	return exitCode === 0 ? compareTrees(git, deliveredRefs.base, deliveredRefs.head) : [];
}

/** The paths; only the first few by name. */
function listPaths(paths: readonly string[]): string {
	const shown = paths.slice(0, 3).join(', ');
	return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}

/** Derives the hash algorithm of git objects from the length of their ids. */
export function targetOf({root}: SourceDirectory, commit: string): Target {
	return {root, algorithm: commit.length === 64 ? 'sha256' : 'sha1'};
}

const deliveredRefs = {base: 'refs/delivery/base', head: 'refs/delivery/head'} as const;

async function rememberDelivery(git: Git, base: string, head: string): Promise<void> {
	await git.run(['update-ref', deliveredRefs.base, base]);
	await git.run(['update-ref', deliveredRefs.head, head]);
}

async function changedSinceStart(
	source: SourceDirectory,
	changes: readonly TreeChange[],
	base: string,
): Promise<readonly string[]> {
	const steps = changes.map(toStep);
	const states = await stepStates(targetOf(source, base), steps);
	return steps.map(step => step.path).filter(name => states.get(name) !== 'from');
}

async function apply(
	{git, workDirectory}: DeliveryOptions,
	source: SourceDirectory,
	base: string,
	head: string,
): Promise<void> {
	const steps = (await compareTrees(git, base, head)).map(toStep);
	const target = targetOf(source, base);
	const states = await stepStates(target, steps);
	const unclear = steps.map(step => step.path).filter(name => states.get(name) === 'other');
	if (unclear.length > 0) {
		throw new FailureError(
			'merge-conflict',
			`The change was not written: ${listPaths(unclear)} changed in the directory in the meantime`,
			{hint: 'Restore these files, or take the change as a branch or a patch'},
		);
	}

	const open = steps.filter(step => states.get(step.path) === 'from');
	await applySteps(git, target, open, path.join(workDirectory, 'delivery'));
}

function toStep({path: name, before, after}: TreeChange): Step {
	return {path: name, from: before, to: after};
}

/** `undefined` if HEAD has moved and the change no longer applies. */
async function deliverBranch(
	{git, repository, run}: DeliveryOptions,
	{repository: theirs}: SourceDirectory,
	base: string,
	head: string,
): Promise<string | undefined> {
	if (theirs === undefined) {
		return undefined;
	}

	const rebased = await rebaseOntoHead(git, theirs, {base, head, message: messageOf(run)});
	return rebased.kind === 'commit'
		? publishBranch(git, theirs, {commit: rebased.commit, run, from: repository})
		: undefined;
}

function messageOf(run: string): string {
	return `Change of llm-orchestrator run ${run}\n`;
}
