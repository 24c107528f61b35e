import type {Failure} from '../../core/failure.ts';
import type {Subtask} from '../../core/plan.ts';
import {isProviderFailure} from '../../core/retry.ts';
import type {RunOutcome} from '../../core/run-report.ts';
import type {RunSettings} from '../../core/settings.ts';
import type {AttemptResult} from '../attempt/attempt-context.ts';
import {workspaceName} from '../attempt/workspace-name.ts';
import type {MergeLane} from './merge-lane.ts';
import type {RunParts} from '../run-parts.ts';
import type {Recorder} from '../log/recorder.ts';
import type {AttemptOutcome} from './scheduler.ts';
import {outcomeOfFailure, RunEnd} from '../run-end.ts';

export type AttemptIds = {
	readonly subtask: Subtask;
	readonly attempt: number;
	readonly agent: string;
};

/** What follows from the result of an attempt. */
export type AttemptFinisher = {
	/**
	 * Merges a verified change and completes the subtask. `logged`: how far an earlier process came.
	 */
	complete(
		ids: AttemptIds,
		result: Extract<AttemptResult, {kind: 'verified'}>,
		abort: AbortSignal,
		logged?: 'finished' | 'merged',
	): Promise<AttemptOutcome>;
	/** A new attempt, the end of the subtask, or (when no attempt could mend it) of the run. */
	fail(ids: AttemptIds, failure: Failure, evidence?: string): Promise<AttemptOutcome>;
	cancel(ids: AttemptIds, reason: string): Promise<AttemptOutcome>;
	/** Why subtasks got stuck, the first one first. */
	readonly stopReasons: readonly RunEnd[];
};

export function createAttemptFinisher({
	lane,
	parts,
	recorder,
}: {
	readonly lane: MergeLane;
	readonly parts: RunParts;
	readonly recorder: Recorder;
}): AttemptFinisher {
	const stopReasons: RunEnd[] = [];

	/** Litter is no reason to fail: what cannot be removed now goes with the run's folder. */
	const tidy = async (ids: AttemptIds) => {
		await parts.workspace.remove(workspaceName(ids)).catch(() => undefined);
	};

	const fail: AttemptFinisher['fail'] = async (ids, failure, evidence) => {
		const {subtask, attempt, agent} = ids;
		const stop = (outcome: RunOutcome): AttemptOutcome => {
			const reason = `${subtask.id}: ${failure.message}`;
			stopReasons.push(new RunEnd(outcome, reason, hintOf(failure, recorder.settings())));
			return {kind: 'blocked', stopAll: outcome !== 'undecided'};
		};
		const outcome = outcomeOfFailure(failure);
		if (outcome) {
			return stop(outcome);
		}

		const strategy = parts.recover({
			failure,
			failedAttempts: (recorder.state.subtasks.get(subtask.id)?.failedAttempts ?? 0) + 1,
			maxAttempts: subtask.maxAttempts ?? recorder.settings().maxAttempts,
		});
		// The work is not to blame: it can go on when the provider is back.
		if (strategy.action === 'give-up' && isProviderFailure(failure.kind)) {
			return stop('no-provider');
		}

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

		await tidy(ids);
		return strategy.action === 'retry'
			? {kind: 'retry', delayMs: strategy.delayMs}
			: {kind: 'settled'};
	};

	return {
		stopReasons: stopReasons,
		fail,
		async complete(ids, {change, summary, outputs}, abort, logged) {
			const {agent, attempt, subtask} = ids;
			const place = {subtask: subtask.id, attempt};
			if (change && logged === undefined) {
				recorder.emit({type: 'attempt-finished', ...place, agent, change, summary, outputs});
			}

			if (change && logged !== 'merged') {
				const merged = await lane.merge({subtask, attempt, change}, abort);
				if (merged.kind === 'failed') {
					return fail(ids, merged.failure, merged.evidence);
				}
			}

			recorder.emit({type: 'subtask-completed', ...place, summary, outputs});
			await tidy(ids);
			return {kind: 'settled'};
		},
		async cancel(ids, reason) {
			recorder.emit({type: 'subtask-cancelled', subtask: ids.subtask.id, reason});
			await tidy(ids);
			return {kind: 'settled'};
		},
	};
}

/** What lets the run get further: the larger limit, or what the failure itself says. */
function hintOf({kind, hint}: Failure, {maxTurns}: RunSettings): string | undefined {
	return kind === 'limit-reached' ? (hint ?? `--max-turns ${2 * maxTurns}`) : hint;
}
