import {toFailure, type Failure} from '../core/failure.ts';
import {maxRetryAfterMs} from '../core/call-retry.ts';
import type {RunOutcome} from '../core/run-report.ts';
import {StoreError} from '../core/store-error.ts';

/** Ends a run: thrown or used as an abort reason, and turned into the report. */
export class RunEnd extends Error {
	override readonly name = 'RunEnd';
	readonly outcome: RunOutcome;
	/** What the person can do next, if the outcome does not make it obvious. */
	readonly hint: string | undefined;

	constructor(outcome: RunOutcome, reason: string, hint?: string) {
		super(reason);
		this.outcome = outcome;
		this.hint = hint;
	}
}

/** The outcome of the run for failures that no attempt can fix; `undefined` for others. */
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

/** Converts a thrown value to the end of the run. */
export function endOf(error: unknown): RunEnd {
	if (error instanceof RunEnd) {
		return error;
	}

	const failure = toFailure(error);
	if (error instanceof StoreError) {
		return new RunEnd('store-failed', error.message, error.hint);
	}

	if (isOutOfSpace(error)) {
		return new RunEnd('store-failed', failure.message, 'free some disk space');
	}

	return new RunEnd(outcomeOfFailure(failure) ?? 'failed', failure.message, failure.hint);
}

/** Whether a full disk is the cause, by system error code or git's message. */
function isOutOfSpace(error: unknown): boolean {
	return (
		error instanceof Error &&
		(('code' in error && error.code === 'ENOSPC') ||
			/No space left on device|ENOSPC/.test(error.message) ||
			isOutOfSpace(error.cause))
	);
}
