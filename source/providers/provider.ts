import type {Answer, ChatRequest} from '../core/chat.ts';
import type {ProviderType} from '../core/settings.ts';
import {FailureError, type FailureDetail, type FailureKind} from '../core/failure.ts';

/** How to reach a provider. Keys come from the environment only and are never written down. */
export type ProviderSettings = {
	readonly type: ProviderType;
	/** `undefined`: the provider's own default address. */
	readonly baseUrl?: string | undefined;
	/** Where the base URL was written, as messages name it: `OLLAMA_HOST`, `--base-url`. */
	readonly addressFrom?: string | undefined;
	readonly apiKey?: string | undefined;
	/** Sent with every request beside our own, as a gateway may want them. */
	readonly headers?: Readonly<Record<string, string>> | undefined;
	/** Tokens of context to ask a local server for, where it can be asked. */
	readonly contextTokens?: number | undefined;
};

/** A provider that did not give a whole answer. `partial` is the text that had arrived. */
export class ProviderError extends FailureError {
	override readonly name = 'ProviderError';
	readonly partial: string;

	constructor(
		kind: FailureKind,
		message: string,
		detail: FailureDetail & {readonly partial?: string | undefined} = {},
	) {
		super(kind, message, detail);
		this.partial = detail.partial ?? '';
	}
}

/**
 * What a stream yields while a model answers. Deltas are for people who watch; the one `finished`
 * event at the end carries the whole answer.
 */
export type StreamEvent =
	| {readonly type: 'text-delta'; readonly text: string}
	| {readonly type: 'thinking-delta'; readonly text: string}
	| {readonly type: 'tool-call-started'; readonly name: string}
	/** More of the arguments of a call, which is not to be run before the answer is whole. */
	| {readonly type: 'arguments-delta'; readonly text: string}
	/** A local server is busy before it answers: waiting in its queue, loading a model, reading the prompt. */
	| {
			readonly type: 'progress';
			readonly phase: 'queued' | 'loading' | 'prompt';
			readonly ratio?: number;
	  }
	| {readonly type: 'finished'; readonly answer: Answer};

export type StreamOptions = {
	readonly signal: AbortSignal;
	/** Longest silence between two chunks, in ms, once the first chunk has come. */
	readonly idleMs: number;
	/** Longest silence before the first chunk, in ms: a local server may load a model or queue. */
	readonly firstByteMs: number;
	/** Longest time with nothing but signs of life, in ms. Default: an hour. */
	readonly wordlessMs?: number | undefined;
	/** How often this very request was sent before: 0 the first time. */
	readonly retry: number;
};

export type Health =
	| {readonly state: 'up'; readonly version?: string | undefined}
	| {readonly state: 'loading'}
	| {
			readonly state: 'down' | 'unauthorized';
			readonly kind: FailureKind;
			/** The HTTP status, where there was an answer. */
			readonly status?: number | undefined;
			readonly message: string;
			readonly hint: string;
	  };

export type ModelInfo = {readonly id: string; readonly loaded?: boolean | undefined};

export type Capabilities = {
	readonly tools: 'native' | 'none' | 'unknown';
	readonly structuredOutput: 'enforced' | 'best-effort' | 'none';
	/** Tokens that are allocated now, not the maximum of the model card; `null` when unknown. */
	readonly contextTokens: number | null;
	readonly maxOutputTokens: number | null;
	/** Calls that the endpoint serves at once; `null` when it sets no fixed limit. */
	readonly parallelCalls: number | null;
	/** `one`: what the model is shown of its past holds one tool call an answer only. Default: many. */
	readonly callsPerAnswer?: 'one' | 'many' | undefined;
};

/**
 * One endpoint that serves models. Contract: no method retries, prints, or reads the environment;
 * all throw `ProviderError` only (kind `cancelled` when the signal was aborted).
 */
export type Provider = {
	readonly type: ProviderType;
	/** Where requests go; what limits and gates are keyed by. */
	readonly endpoint: string;
	health(options: {readonly signal: AbortSignal}): Promise<Health>;
	models(options: {readonly signal: AbortSignal}): Promise<readonly ModelInfo[]>;
	capabilities(model: string, options: {readonly signal: AbortSignal}): Promise<Capabilities>;
	/** Tokens that the server counts in a request, without answering it; absent where it cannot. */
	countTokens?(request: ChatRequest, options: {readonly signal: AbortSignal}): Promise<number>;
	/**
	 * Streams one answer and ends with exactly one `finished`. A stream that ends without the
	 * protocol's own end mark throws kind `stream-truncated`; silence longer than allowed `stalled`;
	 * an answer without text and without calls `empty-answer`.
	 */
	stream(request: ChatRequest, options: StreamOptions): AsyncIterable<StreamEvent>;
};
