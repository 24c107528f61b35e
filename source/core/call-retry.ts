import type {FailureKind} from './failure.ts';

export type RetryPolicy = {
	/** Total calls, including the first. */
	readonly maxCalls: number;
	readonly baseMs: number;
	readonly capMs: number;
	/** Longest time from the start of the first call to the start of the last, ms. */
	readonly totalMs: number;
};

/** For brief outages: a lost connection, a server error. */
const shortRetries: RetryPolicy = {
	maxCalls: 4,
	baseMs: 1_000,
	capMs: 60_000,
	totalMs: 5 * 60_000,
};

/** For servers that ask us to wait. */
const longRetries: RetryPolicy = {...shortRetries, maxCalls: 10, totalMs: 15 * 60_000};

/** For answers that may differ on the next call: waiting doesn't help. */
const immediateRetry: RetryPolicy = {maxCalls: 2, baseMs: 0, capMs: 0, totalMs: 5 * 60_000};

/** For a server that has answered before and is now down: it may be restarting. */
const restartRetries: RetryPolicy = {
	maxCalls: Number.POSITIVE_INFINITY,
	baseMs: 1_000,
	capMs: 5_000,
	totalMs: 60_000,
};

const shortestRestartMs = 250;

/** Longest wait that a server may ask for before the failure is final, in ms. */
export const maxRetryAfterMs = longRetries.totalMs;

const policies: Partial<Readonly<Record<FailureKind, RetryPolicy>>> = {
	transient: shortRetries,
	'stream-truncated': shortRetries,
	stalled: shortRetries,
	'rate-limit': longRetries,
	overloaded: longRetries,
	'server-loading': longRetries,
	'empty-answer': immediateRetry,
};

/**
 * Milliseconds to wait before the next call; `undefined`: don't retry. Full jitter: `random(0,
 * min(cap, base * 2^n))`, but never less than the server asked for
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param tried calls so far (at least 1), time since the first one started (ms), and whether the
 *   server has answered before
 * @param random a number in [0, 1)
 */
export function retryDelay(
	failure: {readonly kind: FailureKind; readonly retryAfterMs?: number | undefined},
	tried: {
		readonly calls: number;
		readonly elapsedMs: number;
		readonly hasAnswered?: boolean;
	},
	random: number,
): number | undefined {
	const mayRestart = failure.kind === 'server-down' && tried.hasAnswered === true;
	const policy = mayRestart ? restartRetries : policies[failure.kind];
	const asked = failure.retryAfterMs ?? 0;
	if (!policy || tried.calls >= policy.maxCalls || asked > maxRetryAfterMs) {
		return undefined;
	}

	const jitter = random * Math.min(policy.capMs, policy.baseMs * 2 ** (tried.calls - 1));
	const delay = Math.round(Math.max(jitter, asked, mayRestart ? shortestRestartMs : 0));
	const left = policy.totalMs - tried.elapsedMs;
	// A restart is waited for until the time is up, whatever the jitter.
	return mayRestart && left > 0 ? Math.min(delay, left) : delay > left ? undefined : delay;
}

/** Failures of a provider rather than of the work: another provider may succeed. */
const providerFailures: ReadonlySet<FailureKind> = new Set([
	'transient',
	'rate-limit',
	'overloaded',
	'quota',
	'auth',
	'model-missing',
	'server-down',
	'server-loading',
	'stream-truncated',
	'stalled',
]);

/** Whether the provider is at fault, not the work or the request. */
export function isProviderFailure(kind: FailureKind): boolean {
	return providerFailures.has(kind);
}

/** Whether another provider may succeed: it may also know a request that this one rejected. */
export function mayFallBack(kind: FailureKind): boolean {
	return isProviderFailure(kind) || kind === 'bad-request';
}

/** Failures that any further call would meet, too. */
const persistentFailures: ReadonlySet<FailureKind> = new Set([
	'quota',
	'auth',
	'model-missing',
	'server-down',
]);

export function isPersistent(kind: FailureKind): boolean {
	return persistentFailures.has(kind);
}
