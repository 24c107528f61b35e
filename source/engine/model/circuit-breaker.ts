/** Consecutive failures that open the breaker. */
const failuresToOpen = 5;

/** How long it stays open, in ms; doubled each time the trial call fails. */
const minCooldownMs = 10_000;
const maxCooldownMs = 2 * 60_000;

/**
 * A circuit breaker for one model: it opens after consecutive failures and blocks calls during a
 * cooldown; then a single trial call decides whether it closes.
 * https://martinfowler.com/bliki/CircuitBreaker.html
 */
export type Breaker = {
	/** Ms until the next call is allowed, 0 if it is allowed now; `undefined` during a trial. */
	waitMs(): number | undefined;
	/** Starts a call; report its outcome to the result. */
	begin(): BreakerCall;
};

/** Receives the outcome of one call; only the first report counts. */
export type BreakerCall = {
	succeeded(): void;
	failed(): void;
	/** The call ended without showing whether the model works. */
	abandoned(): void;
};

/** @param monotonic a clock in ms */
export function createBreaker(monotonic: () => number): Breaker {
	let failures = 0;
	let cooldownMs = minCooldownMs;
	/** End of the cooldown; `undefined` while closed. */
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
