import {z} from 'zod';
import type {Usage} from './chat.ts';

/** Everything that can go wrong during a run, in one vocabulary for all rooms. */
export const failureKinds = [
	'transient',
	'rate-limit',
	'overloaded',
	'quota',
	'auth',
	'model-missing',
	'server-down',
	'server-loading',
	'context-overflow',
	'output-cut',
	'content-filtered',
	'bad-call',
	'empty-answer',
	'stream-truncated',
	'stalled',
	'bad-request',
	'tool-failed',
	'check-failed',
	'merge-conflict',
	'limit-reached',
	'denied',
	'cancelled',
	'internal',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/**
 * A failure as data, fit for the event log.
 *
 * `message` says what happened to what; `hint` is the next step for a person; `retryAfterMs` is how
 * long the server asked us to wait.
 */
export const failureSchema = z.object({
	kind: z.enum(failureKinds),
	message: z.string(),
	hint: z.string().optional(),
	retryAfterMs: z.number().nonnegative().optional(),
	status: z.number().int().optional(),
});

export type Failure = z.infer<typeof failureSchema>;

/** What a server says about its sizes, in tokens. */
export type TokenLimits = {
	/** Of request and answer together. */
	readonly contextTokens?: number;
	/** Of an answer. */
	readonly maxOutputTokens?: number;
	/** Of the request that failed. */
	readonly inputTokens?: number;
};

/** What can be learned from a failed call; not part of the log. */
export type FailureLesson = {
	readonly limits?: TokenLimits | undefined;
	/** What the model said, if the server could not make a call of it. */
	readonly generated?: string | undefined;
	/** Whether the server cannot pass on tools. */
	readonly refusesTools?: boolean | undefined;
};

export type FailureDetail = {
	readonly lesson?: FailureLesson | undefined;
	readonly hint?: string | undefined;
	readonly retryAfterMs?: number | undefined;
	/** HTTP status of the failed response, if there was one. */
	readonly status?: number | undefined;
	/** Usage of a failed model call, if the server reported it. */
	readonly usage?: Usage | undefined;
	readonly cause?: unknown;
};

/** Whether the model answered, but unusably. The model is told why and asked again. */
export function isUnusableAnswer(kind: FailureKind): boolean {
	return kind === 'empty-answer' || kind === 'output-cut' || kind === 'bad-call';
}

/** A failure on its way up the stack. Rooms throw it; the engine turns it into a `Failure`. */
export class FailureError extends Error {
	override readonly name: string = 'FailureError';
	readonly kind: FailureKind;
	readonly hint: string | undefined;
	readonly retryAfterMs: number | undefined;
	readonly status: number | undefined;
	readonly usage: Usage | undefined;
	readonly lesson: FailureLesson | undefined;

	constructor(kind: FailureKind, message: string, detail: FailureDetail = {}) {
		super(message, detail.cause === undefined ? undefined : {cause: detail.cause});
		this.kind = kind;
		this.hint = detail.hint;
		this.retryAfterMs = detail.retryAfterMs;
		this.status = detail.status;
		this.usage = detail.usage;
		this.lesson = detail.lesson;
	}
}

/** Converts a caught value; unclassified errors become `internal`. */
export function toFailure(error: unknown): Failure {
	if (error instanceof FailureError) {
		return {
			kind: error.kind,
			message: error.message,
			...(error.hint === undefined ? {} : {hint: error.hint}),
			...(error.retryAfterMs === undefined ? {} : {retryAfterMs: error.retryAfterMs}),
			...(error.status === undefined ? {} : {status: error.status}),
		};
	}

	return {kind: 'internal', message: error instanceof Error ? error.message : String(error)};
}
