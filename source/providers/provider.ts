import type {Answer, ChatRequest} from '../core/chat.ts';
import type {DialectName, ProviderType, RequestOptions} from '../core/settings.ts';
import {FailureError, type FailureDetail, type FailureKind} from '../core/failure.ts';

/** A proxy that requests to an address go through. */
export type Proxy = {
	/** With user and password, if there are any. Never part of a message. */
	readonly url: string;
	/** For people. */
	readonly shown: string;
	/** The variable that names it. */
	readonly from: string;
};

/** How to reach a provider. Keys come only from the environment and are never stored. */
export type ProviderSettings = {
	readonly type: ProviderType;
	/** `undefined`: the provider's default address. */
	readonly baseUrl?: string | undefined;
	/** Where the base URL was set, for messages: `OLLAMA_HOST`, `--base-url`. */
	readonly addressFrom?: string | undefined;
	readonly apiKey?: string | undefined;
	/** The name of a service that is not the vendor's, for messages. */
	readonly service?: string | undefined;
	/** Whether nothing can be asked without a key. Default: as the vendor. */
	readonly needsKey?: boolean | undefined;
	/** The dialect of chat completions that the server speaks. Default: as address and model tell. */
	readonly dialect?: DialectName | undefined;
	/** The environment variable that the key came from, or would come from. */
	readonly keyVariable?: string | undefined;
	/** Added to the address of every request. */
	readonly query?: Readonly<Record<string, string>> | undefined;
	/** What requests ask for beyond the conversation. */
	readonly request?: RequestOptions | undefined;
	/** Extra headers for every request, for example for a gateway. */
	readonly headers?: Readonly<Record<string, string>> | undefined;
	/** The proxy that requests go through. */
	readonly proxy?: Proxy | undefined;
	/** Context size to request from a local server that supports it, in tokens. */
	readonly contextTokens?: number | undefined;
};

/** A provider that did not return a complete answer. `partial` is the text received so far. */
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
 * What a stream yields while a model answers. Deltas are for live display; the single `finished`
 * event at the end carries the complete answer.
 */
export type StreamEvent =
	| {readonly type: 'text-delta'; readonly text: string}
	| {readonly type: 'thinking-delta'; readonly text: string}
	| {readonly type: 'tool-call-started'; readonly name: string}
	/** More of a call's arguments. The call must not run until the answer is complete. */
	| {readonly type: 'arguments-delta'; readonly text: string}
	/**
	 * A local server is busy before it answers: queueing, loading a model, processing the prompt.
	 */
	| {
			readonly type: 'progress';
			readonly phase: 'queued' | 'loading' | 'prompt';
			readonly ratio?: number;
	  }
	| {readonly type: 'finished'; readonly answer: Answer};

export type StreamOptions = {
	readonly signal: AbortSignal;
	/** Longest silence between two chunks, in ms, after the first chunk. */
	readonly idleMs: number;
	/**
	 * Longest silence before the first chunk, in ms: a local server may be loading a model or
	 * queueing.
	 */
	readonly firstByteMs: number;
	/** Longest time with nothing but keep-alives, in ms. Default: an hour. */
	readonly noContentMs?: number | undefined;
	/** Number of times this request was sent before: 0 the first time. */
	readonly retry: number;
};

export type Health =
	| {readonly state: 'up'; readonly version?: string | undefined}
	| {readonly state: 'loading'}
	| {
			readonly state: 'down' | 'unauthorized';
			readonly kind: FailureKind;
			/** HTTP status of the response, if there was one. */
			readonly status?: number | undefined;
			readonly message: string;
			readonly hint: string;
	  };

export type ModelInfo = {
	readonly id: string;
	readonly loaded?: boolean | undefined;
	/** Context size in tokens, if the list says it. */
	readonly contextTokens?: number | undefined;
};

export type Capabilities = {
	readonly tools: 'native' | 'none' | 'unknown';
	readonly structuredOutput: 'enforced' | 'best-effort' | 'none';
	/** Allocated context size in tokens, not the maximum of the model card; `null` if unknown. */
	readonly contextTokens: number | null;
	readonly maxOutputTokens: number | null;
	/** Calls that the endpoint serves in parallel; `null`: no fixed limit. */
	readonly parallelCalls: number | null;
	/** Number of the model's parameters; absent: unknown. */
	readonly parameters?: number | undefined;
	/** `one`: the model's template renders only one tool call per answer. Default: many. */
	readonly callsPerAnswer?: 'one' | 'many' | undefined;
};

/**
 * One endpoint that serves models. Contract: no method retries, prints, or reads the environment;
 * all throw `ProviderError` only (kind `cancelled` if the signal was aborted).
 */
export type Provider = {
	/** Which adapter it is, for prices and defaults; `custom`: one of your own. */
	readonly type: ProviderType | 'custom';
	/** Where requests go; limits and gates are keyed by it. */
	readonly endpoint: string;
	health(options: {readonly signal: AbortSignal}): Promise<Health>;
	models(options: {readonly signal: AbortSignal}): Promise<readonly ModelInfo[]>;
	capabilities(model: string, options: {readonly signal: AbortSignal}): Promise<Capabilities>;
	/** The server's own token count of a request, without an answer; absent if not supported. */
	countTokens?(request: ChatRequest, options: {readonly signal: AbortSignal}): Promise<number>;
	/** What requests leave out because the server refused it, for people; absent: nothing can be. */
	concessions?(): readonly string[];
	/**
	 * Streams one answer and ends with exactly one `finished`. Throws kind `stream-truncated` if
	 * the stream ends without the protocol's end marker, `stalled` after too long a silence, and
	 * `empty-answer` for an answer without text and calls.
	 */
	stream(request: ChatRequest, options: StreamOptions): AsyncIterable<StreamEvent>;
};
