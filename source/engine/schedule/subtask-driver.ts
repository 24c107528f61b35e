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
	/** Runs the next attempt of a subtask up to its result; what follows may be handed over. */
	run(subtask: string): Promise<AttemptOutcome>;
	/** Aborts the attempt of one subtask; false when none is under way. */
	cancel(subtask: string, reason: string): boolean;
	/** Why subtasks got stuck, the first one first. */
	readonly stopReasons: readonly RunEnd[];
	/** Resolves when no attempt is under way. */
	idle(): Promise<void>;
};

/** An attempt that is under way. */
type Active = {readonly controller: AbortController; readonly ended: Promise<void>};

/** Takes subtasks through their attempts: start, dispatch, merge, and what failures lead to. */
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
	// Prompts say what held when the run started, so that a resumed run sends the same bytes.
	const startedWith = state.startedWith ?? recorder.settings();
	const pool = createTeammatePool(options.teammates);
	const finisher = createAttemptFinisher({lane, parts, recorder});
	const active = new Map<string, Active>();

	const stateOf = ({id}: Subtask) => state.subtasks.get(id) ?? pendingSubtask(id);

	const runAttempt = async (subtask: Subtask, own: AbortController): Promise<AttemptOutcome> => {
		const before = stateOf(subtask);
		// An attempt goes on with the teammate that began it: its name stands in the prompts.
		const profile = isUnderWay(before) ? pool.resume(before.agent) : pool.take();
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
			// While a change waits for the merge lane, its teammate is free for the next subtask.
			return result.change
				? {kind: 'merging', merged: catchFailures(subtask, own, complete)}
				: await complete();
		} finally {
			pool.give(profile);
		}
	};

	/** The number of the attempt that is under way now: a new one, or one of an earlier process. */
	const begin = async (subtask: Subtask, {name: agent}: AgentProfile): Promise<number> => {
		const before = stateOf(subtask);
		if (isUnderWay(before)) {
			return before.attempt;
		}

		const base = (before.startsOver ? before.base : undefined) ?? (await parts.workspace.head());
		const attempt = before.attempt + 1;
		const told =
			subtask.join === 'any' && subtask.dependsOn.length > 1
				? await describeDependencies(recorder, subtask, subtasks)
				: undefined;
		recorder.emit({
			type: 'subtask-started',
			subtask: subtask.id,
			attempt,
			agent,
			base,
			...(told ? {dependencies: recorder.keep(JSON.stringify(told))} : {}),
		});
		return attempt;
	};

	/** An earlier process verified the attempt; what is left is the merge, or only to say so. */
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

	/** Turns what is thrown into what becomes of the subtask; what ends the run goes on up. */
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

			// Before its first attempt has begun there is nothing that could have failed but the run itself.
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
				throw new Error(`no subtask "${id}"`);
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

function isUnderWay({status}: SubtaskState): boolean {
	return status === 'running' || status === 'verifying' || status === 'awaiting-approval';
}
