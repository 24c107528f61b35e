import type {Failure} from '../core/failure.ts';

/** How to handle a failed attempt. */
export type Strategy =
	/** Start a new attempt after `delayMs`. */
	{readonly action: 'retry'; readonly delayMs: number} | {readonly action: 'give-up'};

/** Chooses how to handle a failed attempt; a pure function. */
export type Recover = (situation: {
	readonly failure: Failure;
	/** Failed attempts of the subtask, including this one. */
	readonly failedAttempts: number;
	readonly maxAttempts: number;
}) => Strategy;
