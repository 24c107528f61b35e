import type {Failure} from '../../core/failure.ts';

/** The result of a probe step. */
export type Finding =
	| {
			readonly outcome: 'ok';
			readonly detail: string;
			/** For a streamed answer: ms until the first data. */
			readonly firstTokenMs?: number;
			/**
			 * As measured by the server, otherwise output tokens divided by the time after the
			 * first one.
			 */
			readonly tokensPerSecond?: number;
	  }
	/** Works, but not as agents need it. */
	| Warning
	| {readonly outcome: 'failed'; readonly failure: Failure};

type Warning = {
	readonly outcome: 'warning';
	readonly detail: string;
	readonly hint?: string;
	/** The step was skipped; `detail` says why. */
	readonly skipped?: true;
};

export function ok(detail: string) {
	return {outcome: 'ok', detail} as const;
}

/** @param hint what to do about it */
export function warning(detail: string, hint?: string): Warning {
	return {outcome: 'warning', detail, ...(hint === undefined ? {} : {hint})};
}
