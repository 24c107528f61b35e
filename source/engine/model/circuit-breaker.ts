/** Failures in a row after which a model is left alone for a while. */
const failuresToOpen = 5;

/** How long it is left alone, ms: doubled each time that the call which tries it fails again. */
const minCooldownMs = 10_000;
const maxCooldownMs = 2 * 60_000;

/**
 * Keeps calls away from a model that fails again and again: after some failures in a row nobody asks it
 * for a while; then one call, the trial, asks it for all, and its outcome decides.
 * https://martinfowler.com/bliki/CircuitBreaker.html
 */
export type Breaker = {
	/** Ms until a call may be made, 0 for now; `undefined` while a trial is under way. */
	waitMs(): number | undefined;
	/** A call is made; what it comes to is told to what this gives. */
	begin(): BreakerCall;
};

/** What came of one call. What is told first counts. */
export type BreakerCall = {
	succeeded(): void;
	failed(): void;
	/** It came to an end that tells nothing of the model. */
	abandoned(): void;
};

/** @param monotonic a clock in ms */
export function createBreaker(monotonic: () => number): Breaker {
	let failures = 0;
	let cooldownMs = minCooldownMs;
	/** Until when nobody asks; `undefined` while it is trusted. */
	let openUntil: number | undefined;
	let trial: symbol | undefined;
	return {
		waitMs() {
			if (openUntil === undefined) {
				return 0;
			}

			return trial === undefined ? Math.max(0, openUntil - monotonic()) : undefined;
		},
		begin() {
			const self = Symbol('call');
			if (openUntil !== undefined) {
				trial = self;
			}

			return {
				succeeded() {
					failures = 0;
					cooldownMs = minCooldownMs;
					openUntil = undefined;
					trial = undefined;
				},
				failed() {
					failures += 1;
					if (trial === self) {
						cooldownMs = Math.min(maxCooldownMs, cooldownMs * 2);
						openUntil = monotonic() + cooldownMs;
						trial = undefined;
					} else if (failures >= failuresToOpen) {
						openUntil ??= monotonic() + cooldownMs;
					}
				},
				abandoned() {
					trial = trial === self ? undefined : trial;
				},
			};
		},
	};
}
