import {FailureError, toFailure} from '../../core/failure.ts';
import type {Plan, Subtask} from '../../core/plan.ts';
import {commandsNeedPermission} from '../../core/permission.ts';
import {pendingSubtask} from '../../core/run-state.ts';
import type {SubtaskState} from '../../core/run-state-entries.ts';
import {approvedChecks} from '../../core/final-checks.ts';
import type {AgentProfile} from '../../core/settings.ts';
import {StoreError} from '../../core/store-error.ts';
import {createAttemptFinisher} from './attempt-finisher.ts';
import {describeDependencies, specifyAttempt} from './attempt-brief.ts';
import {createLocalContext, type ContextParts} from '../attempt/local-context.ts';
import type {MergeLane} from './merge-lane.ts';
import type {RunParts} from '../run-parts.ts';
import type {AttemptOutcome} from './scheduler.ts';
import {RunEnd} from '../run-end.ts';
import {createTeammatePool} from './teammate-pool.ts';

export type SubtaskDriver = {
	/** Runs the next attempt of a subtask. Resolves early, while the change waits for the merge lane. */
	run(subtask: string): Promise<AttemptOutcome>;
	/** Aborts the current attempt of a subtask; false if there is none. */
	cancel(subtask: string, reason: string): boolean;
	/** Why subtasks were blocked, in order. */
	readonly stopReasons: readonly RunEnd[];
	/** Resolves when no attempt is running. */
	idle(): Promise<void>;
};

type Active = {readonly controller: AbortController; readonly ended: Promise<void>};

/** Drives subtasks through their attempts: start, dispatch, merge, recovery. */
export function createSubtaskDriver(options: {
	readonly plan: Plan;
	readonly teammates: readonly AgentProfile[];
	readonly parts: RunParts;
	readonly contextParts: ContextParts;
	readonly lane: MergeLane;
	readonly signal: AbortSignal;
}): SubtaskDriver {
	const {contextParts, lane, parts, signal} = options;
	const {recorder} = contextParts;
	const {state} = recorder;
	const subtasks = new Map(options.plan.subtasks.map(subtask => [subtask.id, subtask]));
	const approved = approvedChecks(state);
	// Prompts use the settings from the start of the run, so that a resumed run sends the same bytes.
	const startedWith = state.startedWith ?? recorder.settings();
	const pool = createTeammatePool(options.teammates);
	const finisher = createAttemptFinisher({lane, parts, recorder});
	const active = new Map<string, Active>();

	const stateOf = ({id}: Subtask) => state.subtasks.get(id) ?? pendingSubtask(id);

	const runAttempt = async (subtask: Subtask, own: AbortController): Promise<AttemptOutcome> => {
		const before = stateOf(subtask);
		// An attempt continues with the teammate that started it: its name is in the prompts.
		const profile = isInProgress(before) ? pool.resume(before.agent) : pool.take();
		try {
			const number = await begin(subtask, profile);
			const abort = AbortSignal.any([signal, own.signal]);
			const session = {agent: profile.name, subtask: subtask.id, attempt: number};
			const context = createLocalContext(contextParts, session, abort);
			const spec = await specifyAttempt(recorder, subtask, {
				number,
				profile,
				base: stateOf(subtask).base ?? (await parts.workspace.head()),
				approved,
				subtasks,
				commandsAsk: commandsNeedPermission(
					startedWith.permission,
					parts.sandbox.confinement.confined,
				),
			});
			const result = await parts.dispatch(spec, context).finally(context.close);
			const ids = {subtask, attempt: number, agent: profile.name};
			if (result.kind === 'failed') {
				return await finisher.fail(ids, result.failure, result.evidence);
			}

			const complete = async () => finisher.complete(ids, result, abort);
			// While the change waits for the merge lane, the teammate is free for the next subtask.
			return result.change
				? {kind: 'merging', merged: catchFailures(subtask, own, complete)}
				: await complete();
		} finally {
			pool.give(profile);
		}
	};

	/** The number of the current attempt: a new one, or one started by an earlier process. */
	const begin = async (subtask: Subtask, {name: agent}: AgentProfile): Promise<number> => {
		const before = stateOf(subtask);
		if (isInProgress(before)) {
			return before.attempt;
		}

		const base = (before.startsOver ? before.base : undefined) ?? (await parts.workspace.head());
		const attempt = before.attempt + 1;
		const dependencies =
			subtask.join === 'any' && subtask.dependsOn.length > 1
				? await describeDependencies(recorder, subtask, subtasks)
				: undefined;
		recorder.emit({
			type: 'subtask-started',
			subtask: subtask.id,
			attempt,
			agent,
			base,
			...(dependencies ? {dependencies: recorder.keep(JSON.stringify(dependencies))} : {}),
		});
		return attempt;
	};

	/** Completes an attempt that an earlier process verified: merges it, unless that is done already. */
	const continueAfter = async (
		subtask: Subtask,
		finished: NonNullable<SubtaskState['finished']>,
		own: AbortController,
	): Promise<AttemptOutcome> => {
		const {agent = '', outputs, summary = ''} = stateOf(subtask);
		const {attempt, change, merged} = finished;
		return finisher.complete(
			{subtask, attempt, agent},
			{kind: 'verified', change, summary, outputs},
			AbortSignal.any([signal, own.signal]),
			merged ? 'merged' : 'finished',
		);
	};

	/** Turns errors into outcomes of the attempt; rethrows what ends the run. */
	const catchFailures = async (
		subtask: Subtask,
		own: AbortController,
		work: () => Promise<AttemptOutcome>,
	): Promise<AttemptOutcome> => {
		try {
			return await work();
		} catch (error) {
			signal.throwIfAborted();
			const {attempt, agent = ''} = stateOf(subtask);
			if (own.signal.aborted) {
				return finisher.cancel({subtask, attempt, agent}, toFailure(own.signal.reason).message);
			}

			// Before the first attempt has started, only the run itself can have failed.
			if (error instanceof StoreError || error instanceof RunEnd || attempt === 0) {
				throw error;
			}

			return finisher.fail({subtask, attempt, agent}, toFailure(error));
		}
	};

	return {
		stopReasons: finisher.stopReasons,
		async run(id) {
			const subtask = subtasks.get(id);
			if (!subtask) {
				throw new Error(`unknown subtask "${id}"`);
			}

			signal.throwIfAborted();
			const controller = new AbortController();
			const {promise: ended, resolve} = Promise.withResolvers<void>();
			active.set(id, {controller, ended});
			const end = () => {
				active.delete(id);
				resolve();
			};
			const {finished} = stateOf(subtask);
			const work = catchFailures(subtask, controller, async () =>
				finished ? continueAfter(subtask, finished, controller) : runAttempt(subtask, controller),
			);
			return work.then(
				outcome => {
					if (outcome.kind === 'merging') {
						return {kind: 'merging', merged: outcome.merged.finally(end)};
					}

					end();
					return outcome;
				},
				(error: unknown) => {
					end();
					throw error;
				},
			);
		},
		cancel(id, reason) {
			const attempt = active.get(id);
			if (!attempt) {
				return false;
			}

			attempt.controller.abort(new FailureError('cancelled', reason));
			return true;
		},
		async idle() {
			await Promise.all([...active.values()].map(async ({ended}) => ended));
		},
	};
}

function isInProgress({status}: SubtaskState): boolean {
	return status === 'running' || status === 'verifying' || status === 'awaiting-approval';
}
