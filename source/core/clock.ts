/** Time as a parameter. */
export type Clock = {
	/** Wall clock, ms since 1970; may jump. */
	now(): number;
	/** Monotonic, ms from an arbitrary start: for durations and limits. */
	monotonic(): number;
	/** Resolves after `ms`; rejects with the signal's reason if aborted earlier. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** A number in [0, 1), like `Math.random`. */
export type Random = () => number;
