/** Failures in a row after which a model is left alone for a while. */
const failuresToOpen = 5;

/** How long it is left alone, ms: doubled each time that the call which tries it fails again. */
const shortestRestMs = 10_000;
const longestRestMs = 2 * 60_000;

/**
 * Keeps calls away from a model that fails again and again: after some failures in a row nobody asks it
 * for a while; then one call tries it, and its outcome decides for all.
 * https://martinfowler.com/bliki/CircuitBreaker.html
 */
export type Breaker = {
	/** Ms until a call may be made, 0 for now; `undefined` while one call tries it for all. */
	waitMs(): number | undefined;
	/** A call is made. */
	began(): void;
	succeeded(): void;
	failed(): void;
	/** The call ended without telling anything of the model. */
	gaveUp(): void;
};

/** @param monotonic a clock in ms */
export function createBreaker(monotonic: () => number): Breaker {
	let failures = 0;
	let restMs = shortestRestMs;
	/** Until when nobody asks; `undefined` while it is trusted. */
	let restsUntil: number | undefined;
	let isTrying = false;
	return {
		waitMs() {
			if (restsUntil === undefined) {
				return 0;
			}

			return isTrying ? undefined : Math.max(0, restsUntil - monotonic());
		},
		began() {
			isTrying = restsUntil !== undefined;
		},
		succeeded() {
			failures = 0;
			restMs = shortestRestMs;
			restsUntil = undefined;
			isTrying = false;
		},
		failed() {
			failures += 1;
			if (restsUntil !== undefined && isTrying) {
				restMs = Math.min(longestRestMs, restMs * 2);
				restsUntil = monotonic() + restMs;
				isTrying = false;
			} else if (failures >= failuresToOpen) {
				restsUntil ??= monotonic() + restMs;
			}
		},
		gaveUp() {
			isTrying = false;
		},
	};
}
