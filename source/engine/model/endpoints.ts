import type {Clock} from '../../core/clock.ts';
import {FailureError, type Failure, type FailureKind} from '../../core/failure.ts';
import type {WaitReason} from '../../core/run-event.ts';
import {createBreaker, type Breaker, type BreakerCall} from './circuit-breaker.ts';
import {createGate, type Gate} from './gate.ts';
import {waitForNotify} from '../wait-for-notify.ts';

/** Where a call goes. */
export type CallRoute = {
	readonly endpoint: string;
	readonly model: string;
	/** Calls that the endpoint serves at once; `null`: no limit. */
	readonly parallelCalls: number | null;
	/** What the provider is called. */
	readonly provider: string;
};

/** What a caller waits for before its call is made. `ms` is how long, where that is known. */
export type CallWait = {
	readonly reason: WaitReason;
	readonly detail: string;
	readonly ms?: number | undefined;
};

/** The right to make one call. What is told first counts. */
export type CallPermit = {
	succeeded(): void;
	failed(failure: Failure): void;
	/** The call came to nothing that says anything of the endpoint. */
	abandon(): void;
};

/** What all agents of a run know together of the endpoints that they call. */
export type Endpoints = {
	/**
	 * Waits until a call may be made: the endpoint has asked for no pause, its model has not failed again
	 * and again, and there is a place. `onWait` is told of each wait before it begins. Throws kind
	 * `rate-limit` where that would take longer than `patienceMs`.
	 */
	enter(
		route: CallRoute,
		onWait: (wait: CallWait) => void,
		signal: AbortSignal,
		patienceMs?: number,
	): Promise<CallPermit>;
	/** Whether one more retry is fair to it; takes it from what is left. */
	mayRetry(route: CallRoute): boolean;
};

/** Retries that an endpoint may be asked for at once; they come back with calls and with time. */
const maxRetries = 20;
const retriesPerCall = 0.1;
const retriesPerMs = 1 / 5_000;

/** Shrinking again within this time would punish for calls that were under way already, ms. */
const shrinkIntervalMs = 1_000;

type Endpoint = {
	readonly gate: Gate;
	readonly breakers: Map<string, Breaker>;
	readonly waiters: Set<() => void>;
	/** On the monotonic clock, ms. */
	pausedUntil: number;
	shrunkAt: number;
	/** Calls that went well since the gate last grew. */
	successes: number;
	/** Retries that are left, and when that was counted, on the monotonic clock. */
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
				// Whoever waits for a model to be well again must not keep a place from others.
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
			// Ten tenths are not quite one.
			if (endpoint.retries < 1 - 1e-6) {
				return false;
			}

			endpoint.retries -= 1;
			return true;
		},
	};
}

/** Tells of each wait once, however often it is looked at. */
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

/** Less is no pause that a person could see, ms. */
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

/** Waits out the pause that the endpoint asked for, and the rest of a model that failed too often. */
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
			throw new FailureError('rate-limit', `${provider} is to be left alone for ${seconds} s.`);
		}

		if (pause > 0) {
			onWait({reason: 'rate-limit', detail: `${provider} asked to slow down`, ms: pause});
			await clock.sleep(pause, signal);
		} else if (rest === undefined) {
			onWait({reason: 'retry', detail: `another call tries whether ${model} works again`});
			await waitForNotify(endpoint.waiters, signal);
		} else if (rest > 0) {
			onWait({reason: 'retry', detail: `${model} failed again and again`, ms: rest});
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

/** One more at once after as many good calls as fit in: additive increase. */
function speedUp(endpoint: Endpoint): void {
	endpoint.successes += 1;
	if (endpoint.successes >= endpoint.gate.limit) {
		endpoint.successes = 0;
		endpoint.gate.grow();
	}
}

/** Failures that say that the model at its endpoint does not work just now. */
const breakerKinds: ReadonlySet<FailureKind> = new Set([
	'transient',
	'stream-truncated',
	'stalled',
	'overloaded',
]);

/** Half as many at once: multiplicative decrease. */
function slowDown(endpoint: Endpoint, retryAfterMs: number, now: number): void {
	endpoint.pausedUntil = Math.max(endpoint.pausedUntil, now + retryAfterMs);
	endpoint.successes = 0;
	if (now - endpoint.shrunkAt >= shrinkIntervalMs) {
		endpoint.shrunkAt = now;
		endpoint.gate.shrink();
	}
}
