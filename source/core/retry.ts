import type {FailureKind} from './failure.ts';

export type RetryPolicy = {
	/** Calls in all, the first included. */
	readonly attempts: number;
	readonly baseMs: number;
	readonly capMs: number;
};

export const defaultRetryPolicy: RetryPolicy = {attempts: 4, baseMs: 1_000, capMs: 60_000};

/** Longest wait that another side may ask of us before the failure counts as final, in ms. */
export const longestRetryAfterMs = 15 * 60_000;

const retryable: ReadonlySet<FailureKind> = new Set([
	'transient',
	'rate-limit',
	'overloaded',
	'server-loading',
	'stream-truncated',
	'stalled',
	'empty-answer',
]);

/**
 * Milliseconds to wait before the next call, or `undefined` when there should be none. Full jitter:
 * `random(0, min(cap, base * 2^n))`, but never less than the other side asked for
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param made calls made so far, at least 1
 * @param random a number in [0, 1)
 */
export function retryDelay(
	failure: {readonly kind: FailureKind; readonly retryAfterMs?: number | undefined},
	made: number,
	random: number,
	policy: RetryPolicy = defaultRetryPolicy,
): number | undefined {
	const asked = failure.retryAfterMs ?? 0;
	if (!retryable.has(failure.kind) || made >= policy.attempts || asked > longestRetryAfterMs) {
		return undefined;
	}

	const jitter = random * Math.min(policy.capMs, policy.baseMs * 2 ** (made - 1));
	return Math.round(Math.max(jitter, asked));
}
