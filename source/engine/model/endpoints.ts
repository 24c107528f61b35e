import type {Clock} from '../../core/clock.ts';
import {FailureError, type Failure, type FailureKind} from '../../core/failure.ts';
import type {WaitReason} from '../../core/agent-events.ts';
import {createBreaker, type Breaker, type BreakerCall} from './circuit-breaker.ts';
import {createGate, type Gate} from './gate.ts';
import {waitForNotify} from '../wait-for-notify.ts';

/** Where a call goes. */
export type CallRoute = {
	readonly endpoint: string;
	readonly model: string;
	/** Concurrent calls that the endpoint serves; `null`: no limit. */
	readonly parallelCalls: number | null;
	/** The provider's name, for messages. */
	readonly provider: string;
};

/** Why a call has to wait; `ms`: how long, if known. */
export type CallWait = {
	readonly reason: WaitReason;
	readonly detail: string;
	readonly ms?: number | undefined;
};

/** Permission to make one call; only the first reported outcome counts. */
export type CallPermit = {
	succeeded(): void;
	failed(failure: Failure): void;
	/** The call ended without showing whether the endpoint works. */
	abandon(): void;
};

/** Limits calls to endpoints, shared by all agents of a run. */
export type Endpoints = {
	/**
	 * Waits until a call is allowed: the endpoint has not asked for a pause, the model's circuit breaker
	 * is closed, and a slot is free. Calls `onWait` before each wait. Throws kind `rate-limit` if it
	 * would have to wait longer than `patienceMs`.
	 */
	enter(
		route: CallRoute,
		onWait: (wait: CallWait) => void,
		signal: AbortSignal,
		patienceMs?: number,
	): Promise<CallPermit>;
	/** Takes one retry from the endpoint's retry budget; false if the budget is empty. */
	mayRetry(route: CallRoute): boolean;
};

/** Retry budget of an endpoint, refilled by calls and over time. */
const maxRetries = 20;
const retriesPerCall = 0.1;
const retriesPerMs = 1 / 5_000;

/** Shortest time between two reductions, in ms: failures of calls in flight count only once. */
const shrinkIntervalMs = 1_000;

type Endpoint = {
	readonly gate: Gate;
	readonly breakers: Map<string, Breaker>;
	readonly waiters: Set<() => void>;
	/** On the monotonic clock, ms. */
	pausedUntil: number;
	shrunkAt: number;
	/** Successful calls since the gate last grew. */
	successes: number;
	/** Retries left, and when they were last refilled, on the monotonic clock. */
	retries: number;
	refilledAt: number;
};

export function createEndpoints(clock: Clock): Endpoints {
	const endpoints = new Map<string, Endpoint>();
	const endpointOf = ({endpoint, parallelCalls}: CallRoute): Endpoint => {
		const known = endpoints.get(endpoint) ?? newEndpoint(parallelCalls, clock.monotonic());
		endpoints.set(endpoint, known);
		return known;
	};

	const breakerOf = ({breakers}: Endpoint, {model}: CallRoute): Breaker => {
		const known = breakers.get(model) ?? createBreaker(clock.monotonic);
		breakers.set(model, known);
		return known;
	};

	return {
		async enter(route, onWait, signal, patienceMs = Number.POSITIVE_INFINITY) {
			const endpoint = endpointOf(route);
			const breaker = breakerOf(endpoint, route);
			const announce = announceOnce(onWait);
			for (;;) {
				// A call that waits for its model must not occupy a slot.
				await waitOutPauses(endpoint, breaker, route, {
					clock,
					onWait: announce,
					signal,
					patienceMs,
				});
				if (endpoint.gate.full) {
					announce(slotWait(route, endpoint.gate.limit));
				}

				const leave = await endpoint.gate.enter(signal);
				if (breaker.waitMs() === 0 && pauseMs(endpoint, clock) === 0) {
					endpoint.retries = Math.min(maxRetries, endpoint.retries + retriesPerCall);
					return permitOf(endpoint, breaker.begin(), leave, clock);
				}

				leave();
			}
		},
		mayRetry(route) {
			const endpoint = endpointOf(route);
			const now = clock.monotonic();
			const back = (now - endpoint.refilledAt) * retriesPerMs;
			endpoint.retries = Math.min(maxRetries, endpoint.retries + back);
			endpoint.refilledAt = now;
			// Tolerates rounding: 10 × 0.1 is slightly less than 1.
			if (endpoint.retries < 1 - 1e-6) {
				return false;
			}

			endpoint.retries -= 1;
			return true;
		},
	};
}

/** Reports each wait once, even if it is checked repeatedly. */
function announceOnce(onWait: (wait: CallWait) => void): (wait: CallWait) => void {
	let told = '';
	return wait => {
		const what = `${wait.reason} ${wait.detail}`;
		if (what !== told) {
			told = what;
			onWait(wait);
		}
	};
}

/** Shorter pauses are ignored, ms. */
const shortestPauseMs = 1;

function pauseMs({pausedUntil}: Endpoint, clock: Clock): number {
	const left = pausedUntil - clock.monotonic();
	return left < shortestPauseMs ? 0 : left;
}

function newEndpoint(parallelCalls: number | null, now: number): Endpoint {
	return {
		gate: createGate(parallelCalls ?? Number.POSITIVE_INFINITY),
		breakers: new Map(),
		waiters: new Set(),
		pausedUntil: 0,
		shrunkAt: Number.NEGATIVE_INFINITY,
		successes: 0,
		retries: maxRetries,
		refilledAt: now,
	};
}

function slotWait({provider, parallelCalls}: CallRoute, limit: number): CallWait {
	const detail =
		parallelCalls === null || limit < parallelCalls
			? `${provider} asked to slow down: ${limit} at once for now`
			: `${provider} serves ${limit} at once`;
	return {reason: 'slot', detail};
}

/** Waits for the pause that the endpoint asked for, and for the model's circuit breaker. */
async function waitOutPauses(
	endpoint: Endpoint,
	breaker: Breaker,
	{provider, model}: CallRoute,
	{
		clock,
		onWait,
		signal,
		patienceMs,
	}: {
		readonly clock: Clock;
		readonly onWait: (wait: CallWait) => void;
		readonly signal: AbortSignal;
		readonly patienceMs: number;
	},
): Promise<void> {
	for (;;) {
		signal.throwIfAborted();
		const pause = pauseMs(endpoint, clock);
		const rest = breaker.waitMs();
		const wait = Math.max(pause, rest ?? 0);
		if (wait > patienceMs) {
			const seconds = Math.ceil(wait / 1_000);
			throw new FailureError('rate-limit', `${provider} accepts no calls for ${seconds} s.`);
		}

		if (pause > 0) {
			onWait({reason: 'rate-limit', detail: `${provider} asked to slow down`, ms: pause});
			await clock.sleep(pause, signal);
		} else if (rest === undefined) {
			onWait({
				reason: 'retry',
				detail: `another call is testing whether ${model} works again`,
			});
			await waitForNotify(endpoint.waiters, signal);
		} else if (rest > 0) {
			onWait({reason: 'retry', detail: `${model} failed repeatedly`, ms: rest});
			await clock.sleep(rest, signal);
		} else {
			return;
		}
	}
}

function permitOf(
	endpoint: Endpoint,
	call: BreakerCall,
	leave: () => void,
	clock: Clock,
): CallPermit {
	let isOver = false;
	const end = (report: () => void) => {
		if (isOver) {
			return;
		}

		isOver = true;
		report();
		leave();
		for (const wake of endpoint.waiters) {
			wake();
		}
	};

	return {
		succeeded() {
			end(() => {
				call.succeeded();
				speedUp(endpoint);
			});
		},
		failed({kind, retryAfterMs = 0}) {
			end(() => {
				if (breakerKinds.has(kind)) {
					call.failed();
				} else {
					call.abandoned();
				}

				if (kind === 'rate-limit' || kind === 'overloaded') {
					slowDown(endpoint, retryAfterMs, clock.monotonic());
				}
			});
		},
		abandon() {
			end(call.abandoned);
		},
	};
}

/** Raises the limit by one after as many successes as the limit: additive increase. */
function speedUp(endpoint: Endpoint): void {
	endpoint.successes += 1;
	if (endpoint.successes >= endpoint.gate.limit) {
		endpoint.successes = 0;
		endpoint.gate.grow();
	}
}

/** Failures that count against the model's circuit breaker. */
const breakerKinds: ReadonlySet<FailureKind> = new Set([
	'transient',
	'stream-truncated',
	'stalled',
	'overloaded',
]);

/** Halves the limit: multiplicative decrease. */
function slowDown(endpoint: Endpoint, retryAfterMs: number, now: number): void {
	endpoint.pausedUntil = Math.max(endpoint.pausedUntil, now + retryAfterMs);
	endpoint.successes = 0;
	if (now - endpoint.shrunkAt >= shrinkIntervalMs) {
		endpoint.shrunkAt = now;
		endpoint.gate.shrink();
	}
}
