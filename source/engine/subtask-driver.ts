import type {Change} from '../core/change.ts';
import {FailureError, toFailure, type Failure} from '../core/failure.ts';
import type {Plan, Subtask} from '../core/plan.ts';
import {approvedChecks, pendingSubtask, type SubtaskState} from '../core/run-state.ts';
import type {AgentProfile, RunSettings} from '../core/settings.ts';
import {StoreError} from '../core/store-error.ts';
import type {AttemptContext, AttemptResult} from './attempt-context.ts';
import {workspaceName} from './attempt-name.ts';
import {specifyAttempt} from './brief.ts';
import {createContext, type ContextParts} from './context.ts';
import type {MergeLane} from './merge-lane.ts';
import type {RunParts} from './parts.ts';
import type {SubtaskTurn} from './scheduler.ts';
import {outcomeOfFailure, RunEnd} from './stop.ts';
import {createTeammatePool} from './teammate-pool.ts';

export type SubtaskDriver = {
	/** Runs the next attempt of a subtask up to its result; what follows may be handed over. */
	run(subtask: string): Promise<SubtaskTurn>;
	/** Aborts the attempt of one subtask; false when none is under way. */
	cancel(subtask: string, reason: string): boolean;
	/** Why subtasks got stuck, the first one first. */
	readonly stuck: readonly RunEnd[];
	/** Resolves when no attempt is under way. */
	idle(): Promise<void>;
};

/** Takes subtasks through their attempts: start, dispatch, merge, and what failures lead to. */
export function createSubtaskDriver(options: {
	readonly plan: Plan;
	readonly settings: RunSettings;
	readonly teammates: readonly AgentProfile[];
	readonly parts: RunParts;
	readonly contextParts: ContextParts;
	readonly lane: MergeLane;
	readonly signal: AbortSignal;
}): SubtaskDriver {
	const {contextParts, lane, parts, settings, signal} = options;
	const {recorder} = contextParts;
	const {state} = recorder;
	const subtasks = new Map(options.plan.subtasks.map(subtask => [subtask.id, subtask]));
	const approved = approvedChecks(state);
	const pool = createTeammatePool(options.teammates);
	const active = new Map<string, {controller: AbortController; work: Promise<unknown>}>();
	const stuck: RunEnd[] = [];

	const attemptNow = async (subtask: Subtask, own: AbortController): Promise<SubtaskTurn> => {
		const before = state.subtasks.get(subtask.id) ?? pendingSubtask(subtask.id);
		const profile = pool.take(before.agent);
		const number = await begin(subtask, before, profile);
		const abort = AbortSignal.any([signal, own.signal]);
		const session = {subtask: subtask.id, attempt: number};
		const context = createContext(contextParts, session, profile.name, abort);
		try {
			const result = await dispatch(subtask, number, profile, context);
			if (result.kind === 'failed') {
				return await fail(subtask, number, profile.name, result.failure, result.evidence);
			}

			const merging = async () => merge(subtask, number, profile, result, abort);
			// While a change waits for the merge lane, its teammate is free for the next subtask.
			return result.change
				? {kind: 'handed-over', outcome: guarded(subtask, merging)}
				: await merging();
		} finally {
			pool.give(profile);
		}
	};

	/** The number of the attempt that is under way now: a new one, or one of an earlier process. */
	const begin = async (subtask: Subtask, before: SubtaskState, profile: AgentProfile) => {
		if (isUnderWay(before)) {
			return before.attempt;
		}

		const base = (before.startsOver ? before.base : undefined) ?? (await parts.workspace.head());
		const attempt = before.attempt + 1;
		recorder.emit({
			type: 'subtask-started',
			subtask: subtask.id,
			attempt,
			agent: profile.name,
			base,
		});
		return attempt;
	};

	const dispatch = async (
		subtask: Subtask,
		number: number,
		profile: AgentProfile,
		context: AttemptContext,
	): Promise<AttemptResult> => {
		const spec = await specifyAttempt(recorder, subtask, {
			number,
			profile,
			base: state.subtasks.get(subtask.id)?.base ?? (await parts.workspace.head()),
			continued: true,
			settings,
			approved,
			subtasks,
			commandsAsk: state.startedWith?.permission !== 'all' && !parts.sandbox.confinement.confined,
		});
		return parts.dispatch(spec, context);
	};

	const merge = async (
		subtask: Subtask,
		attempt: number,
		profile: AgentProfile,
		result: Extract<AttemptResult, {kind: 'verified'}>,
		abort: AbortSignal,
	): Promise<SubtaskTurn> => {
		const {change, summary, outputs} = result;
		const ids = {subtask: subtask.id, attempt};
		if (change) {
			recorder.emit({
				type: 'attempt-finished',
				...ids,
				agent: profile.name,
				change,
				summary,
				outputs,
			});
			const merged = await lane.merge({subtask, attempt, change}, abort);
			if (merged.kind === 'failed') {
				return fail(subtask, attempt, profile.name, merged.failure, merged.evidence);
			}
		}

		recorder.emit({type: 'subtask-completed', ...ids, summary, outputs});
		await tidy(subtask, attempt);
		return {kind: 'settled'};
	};

	const fail = async (
		subtask: Subtask,
		attempt: number,
		agent: string,
		failure: Failure,
		evidence: string | undefined,
	): Promise<SubtaskTurn> => {
		const outcome = outcomeOfFailure(failure.kind);
		if (outcome) {
			stuck.push(new RunEnd(outcome, `${subtask.id}: ${failure.message}`, failure.hint));
			return {kind: 'stuck', stopAll: outcome !== 'undecided'};
		}

		const strategy = parts.recover({
			failure,
			failedAttempts: (state.subtasks.get(subtask.id)?.failedAttempts ?? 0) + 1,
			maxAttempts: subtask.maxAttempts ?? settings.maxAttempts,
		});
		recorder.emit({
			type: 'attempt-failed',
			subtask: subtask.id,
			attempt,
			agent,
			failure,
			strategy: strategy.action,
			...(strategy.action === 'retry' ? {delayMs: strategy.delayMs} : {}),
			...(evidence === undefined ? {} : {evidence: recorder.keep(evidence)}),
		});
		if (strategy.action === 'give-up') {
			recorder.emit({type: 'subtask-failed', subtask: subtask.id, failure});
		}

		await tidy(subtask, attempt);
		return strategy.action === 'retry'
			? {kind: 'again', delayMs: strategy.delayMs}
			: {kind: 'settled'};
	};

	/** Litter is no reason to fail: what cannot be removed now goes with the run's folder. */
	const tidy = async (subtask: Subtask, attempt: number) => {
		await parts.workspace.remove(workspaceName({subtask, attempt})).catch(() => undefined);
	};

	/** Turns what is thrown into what becomes of the subtask; what ends the run goes on up. */
	const guarded = async (
		subtask: Subtask,
		work: () => Promise<SubtaskTurn>,
	): Promise<SubtaskTurn> => {
		const entry = active.get(subtask.id);
		try {
			return await work();
		} catch (error) {
			signal.throwIfAborted();
			if (entry?.controller.signal.aborted === true) {
				const {message} = toFailure(entry.controller.signal.reason);
				recorder.emit({type: 'subtask-cancelled', subtask: subtask.id, reason: message});
				return {kind: 'settled'};
			}

			if (error instanceof StoreError || error instanceof RunEnd) {
				throw error;
			}

			const {attempt, agent} = state.subtasks.get(subtask.id) ?? pendingSubtask(subtask.id);
			return fail(subtask, attempt, agent ?? '', toFailure(error), undefined);
		}
	};

	return {
		stuck,
		async run(id) {
			const subtask = subtasks.get(id);
			if (!subtask) {
				throw new Error(`no subtask "${id}"`);
			}

			signal.throwIfAborted();
			const controller = new AbortController();
			const {promise, resolve} = Promise.withResolvers<void>();
			active.set(id, {controller, work: promise});
			const settle = (turn: SubtaskTurn): SubtaskTurn => {
				active.delete(id);
				resolve();
				return turn;
			};
			try {
				const finished = state.subtasks.get(id)?.finished;
				const turn = await guarded(subtask, async () =>
					finished ? resumeMerge(subtask, finished, controller) : attemptNow(subtask, controller),
				);
				return turn.kind === 'handed-over'
					? {kind: 'handed-over', outcome: turn.outcome.then(settle, rethrow(settle))}
					: settle(turn);
			} catch (error) {
				settle({kind: 'settled'});
				throw error;
			}
		},
		cancel(id, reason) {
			const entry = active.get(id);
			if (!entry || entry.controller.signal.aborted) {
				return false;
			}

			entry.controller.abort(new FailureError('cancelled', reason));
			return true;
		},
		async idle() {
			await Promise.all([...active.values()].map(async ({work}) => work));
		},
	};

	/** An earlier process verified the attempt; what is left is the merge, or only to say so. */
	async function resumeMerge(
		subtask: Subtask,
		finished: {attempt: number; change: Change | null; merged: boolean},
		controller: AbortController,
	): Promise<SubtaskTurn> {
		const {summary = '', outputs = {}} = state.subtasks.get(subtask.id) ?? {};
		const {attempt, change, merged} = finished;
		if (change && !merged) {
			const abort = AbortSignal.any([signal, controller.signal]);
			const result = await lane.merge({subtask, attempt, change}, abort);
			if (result.kind === 'failed') {
				const agent = state.subtasks.get(subtask.id)?.agent ?? '';
				return fail(subtask, attempt, agent, result.failure, result.evidence);
			}
		}

		recorder.emit({type: 'subtask-completed', subtask: subtask.id, attempt, summary, outputs});
		await tidy(subtask, attempt);
		return {kind: 'settled'};
	}
}

function isUnderWay({status}: SubtaskState): boolean {
	return status === 'running' || status === 'verifying' || status === 'awaiting-approval';
}

function rethrow(settle: (turn: SubtaskTurn) => SubtaskTurn) {
	return (error: unknown): never => {
		settle({kind: 'settled'});
		throw error;
	};
}
