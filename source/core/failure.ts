import {z} from 'zod';
import type {Usage} from './chat.ts';

/** Everything that can go wrong while a run is under way, in one vocabulary for all rooms. */
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
 * `message` says what happened to what; `hint` is the next thing a person can do about it;
 * `retryAfterMs` is how long the other side asked us to wait, in milliseconds.
 */
export const failureSchema = z.object({
	kind: z.enum(failureKinds),
	message: z.string(),
	hint: z.string().optional(),
	retryAfterMs: z.number().nonnegative().optional(),
	status: z.number().int().optional(),
});

export type Failure = z.infer<typeof failureSchema>;

export type FailureDetail = {
	readonly hint?: string | undefined;
	readonly retryAfterMs?: number | undefined;
	/** The HTTP status of the answer that told us, where there was one. */
	readonly status?: number | undefined;
	/** What a model call used that came to nothing, where the server said it. */
	readonly usage?: Usage | undefined;
	readonly cause?: unknown;
};

/** Whether a model did answer, but with nothing that can be used: it is told so and goes on. */
export function isAboutAnswer(kind: FailureKind): boolean {
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

	constructor(kind: FailureKind, message: string, detail: FailureDetail = {}) {
		super(message, detail.cause === undefined ? undefined : {cause: detail.cause});
		this.kind = kind;
		this.hint = detail.hint;
		this.retryAfterMs = detail.retryAfterMs;
		this.status = detail.status;
		this.usage = detail.usage;
	}
}

/** The failure that a caught value stands for; what nobody classified is `internal`. */
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
