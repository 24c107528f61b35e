import {toFailure, type Failure} from '../core/failure.ts';
import {maxRetryAfterMs} from '../core/retry.ts';
import type {RunOutcome} from '../core/run-report.ts';
import {StoreError} from '../core/store-error.ts';

/** Ends a run: thrown or given as the reason of an abort, turned into the closing event at the top. */
export class RunEnd extends Error {
	override readonly name = 'RunEnd';
	readonly outcome: RunOutcome;
	/** What a person can do next, where it is not obvious from the outcome. */
	readonly hint: string | undefined;

	constructor(outcome: RunOutcome, reason: string, hint?: string) {
		super(reason);
		this.outcome = outcome;
		this.hint = hint;
	}
}

/** How a failure that no attempt can mend ends the whole run; `undefined` for all others. */
export function outcomeOfFailure({
	kind,
	retryAfterMs = 0,
}: Pick<Failure, 'kind' | 'retryAfterMs'>): RunOutcome | undefined {
	if (retryAfterMs > maxRetryAfterMs) {
		return 'no-provider';
	}

	switch (kind) {
		case 'auth':
		case 'quota':
		case 'model-missing':
		case 'server-down':
			return 'no-provider';
		case 'limit-reached':
			return 'limit-reached';
		case 'denied':
			return 'undecided';
		default:
			return undefined;
	}
}

/** The end that a thrown value stands for. */
export function endOf(error: unknown): RunEnd {
	if (error instanceof RunEnd) {
		return error;
	}

	const failure = toFailure(error);
	if (error instanceof StoreError) {
		return new RunEnd('store-failed', error.message, error.hint);
	}

	if (isOutOfSpace(error)) {
		return new RunEnd('store-failed', failure.message, 'make room on the disk');
	}

	return new RunEnd(outcomeOfFailure(failure) ?? 'failed', failure.message, failure.hint);
}

/** Whether a full disk is behind it: as a code of the system, or in the words of git. */
function isOutOfSpace(error: unknown): boolean {
	return (
		error instanceof Error &&
		(('code' in error && error.code === 'ENOSPC') ||
			/No space left on device|ENOSPC/.test(error.message) ||
			isOutOfSpace(error.cause))
	);
}
