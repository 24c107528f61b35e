import type {FailureKind} from './failure.ts';

export type RetryPolicy = {
	/** Calls in all, the first included. */
	readonly attempts: number;
	readonly baseMs: number;
	readonly capMs: number;
	/** Longest time from the first call to the begin of the last one, ms. */
	readonly totalMs: number;
};

/** For what passes by itself or not at all: a cut connection, an error of the server. */
const briefly: RetryPolicy = {
	attempts: 4,
	baseMs: 1_000,
	capMs: 60_000,
	totalMs: 5 * 60_000,
};

/** For servers that ask for patience. */
const patiently: RetryPolicy = {...briefly, attempts: 10, totalMs: 15 * 60_000};

/** For answers that the same question may not give again: no server needs time for that. */
const atOnce: RetryPolicy = {attempts: 2, baseMs: 0, capMs: 0, totalMs: 5 * 60_000};

/** For a server that has answered before and is gone: it may be starting again. */
const restarting: RetryPolicy = {attempts: 6, baseMs: 1_000, capMs: 15_000, totalMs: 60_000};

/** Longest wait that another side may ask of us before the failure counts as final, in ms. */
export const longestRetryAfterMs = patiently.totalMs;

const policies: Partial<Readonly<Record<FailureKind, RetryPolicy>>> = {
	transient: briefly,
	'stream-truncated': briefly,
	stalled: briefly,
	'rate-limit': patiently,
	overloaded: patiently,
	'server-loading': patiently,
	'empty-answer': atOnce,
};

/**
 * Milliseconds to wait before the next call, or `undefined` when there should be none. Full jitter:
 * `random(0, min(cap, base * 2^n))`, but never less than the other side asked for
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param tried calls made so far, at least 1, the time since the first one began, ms, and whether the
 *   server has answered before
 * @param random a number in [0, 1)
 */
export function retryDelay(
	failure: {readonly kind: FailureKind; readonly retryAfterMs?: number | undefined},
	tried: {
		readonly calls: number;
		readonly elapsedMs: number;
		readonly wasThere?: boolean;
	},
	random: number,
): number | undefined {
	const isBack = failure.kind === 'server-down' && tried.wasThere === true;
	const policy = isBack ? restarting : policies[failure.kind];
	const asked = failure.retryAfterMs ?? 0;
	if (!policy || tried.calls >= policy.attempts || asked > longestRetryAfterMs) {
		return undefined;
	}

	const jitter = random * Math.min(policy.capMs, policy.baseMs * 2 ** (tried.calls - 1));
	const delay = Math.round(Math.max(jitter, asked));
	return tried.elapsedMs + delay > policy.totalMs ? undefined : delay;
}

/** Failures of a provider, not of the work: what another provider may do better. */
const ofProvider: ReadonlySet<FailureKind> = new Set([
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

/** Whether the side that was asked is at fault, not the work nor how it was asked for. */
export function isProviderFailure(kind: FailureKind): boolean {
	return ofProvider.has(kind);
}

/** Failures that will be there for the next call as well, whoever makes it. */
const lasting: ReadonlySet<FailureKind> = new Set([
	'quota',
	'auth',
	'model-missing',
	'server-down',
]);

export function isLasting(kind: FailureKind): boolean {
	return lasting.has(kind);
}
