import type {Failure} from '../../core/failure.ts';

/** What a step of a probe has found. */
export type Finding =
	| {
			readonly outcome: 'ok';
			readonly detail: string;
			/** Of a streamed answer: ms until something came. */
			readonly firstTokenMs?: number;
			/** As the server measured it, else output tokens by the time after the first one. */
			readonly tokensPerSecond?: number;
	  }
	/** It works, but not as agents need it. */
	| Warning
	| {readonly outcome: 'failed'; readonly failure: Failure};

type Warning = {
	readonly outcome: 'warning';
	readonly detail: string;
	readonly hint?: string;
	/** Nothing was tried; `detail` says why. */
	readonly skipped?: true;
};

export function ok(detail: string) {
	return {outcome: 'ok', detail} as const;
}

/** @param hint what to do about it */
export function warning(detail: string, hint?: string): Warning {
	return {outcome: 'warning', detail, ...(hint === undefined ? {} : {hint})};
}
