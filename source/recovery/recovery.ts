import type {Failure} from '../core/failure.ts';

/** What is done about a failed attempt. */
export type Strategy =
	/** A new attempt after a wait of `delayMs`. */
	{readonly action: 'retry'; readonly delayMs: number} | {readonly action: 'give-up'};

/** Chooses what is done about a failed attempt; knows nothing but what it is given. */
export type Recover = (situation: {
	readonly failure: Failure;
	/** Attempts of the subtask that have failed, this one included. */
	readonly failedAttempts: number;
	readonly maxAttempts: number;
}) => Strategy;
