import type {Failure} from '../../core/failure.ts';
import type {Subtask} from '../../core/plan.ts';
import {isProviderFailure} from '../../core/call-retry.ts';
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

/** Handles the results of attempts. */
export type AttemptFinisher = {
	/** Merges a verified change and completes the subtask. `logged`: how far an earlier process got. */
	complete(
		ids: AttemptIds,
		result: Extract<AttemptResult, {kind: 'verified'}>,
		abort: AbortSignal,
		logged?: 'finished' | 'merged',
	): Promise<AttemptOutcome>;
	/** Retries, fails the subtask, or (if no attempt could fix it) blocks it. */
	fail(ids: AttemptIds, failure: Failure, evidence?: string): Promise<AttemptOutcome>;
	cancel(ids: AttemptIds, reason: string): Promise<AttemptOutcome>;
	/** Why subtasks were blocked, in order. */
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

	/** Ignores errors: leftovers are removed with the run's folder. */
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
		// The provider failed, not the work: a resumed run can continue when the provider is back.
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

/** The failure's hint, or a larger limit. */
function hintOf({kind, hint}: Failure, {maxTurns}: RunSettings): string | undefined {
	return kind === 'limit-reached' ? (hint ?? `--max-turns ${2 * maxTurns}`) : hint;
}
