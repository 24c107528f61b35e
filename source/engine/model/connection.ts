import type {PriceOf} from '../../core/cost.ts';
import type {ToolMode} from '../../core/tool-modes.ts';
import type {ModelTarget} from '../../core/settings.ts';
import type {Provider} from '../../providers/provider.ts';

/** A provider that is ready for calls, with the model's capabilities. */
export type Connection = {
	readonly provider: Provider;
	readonly model: string;
	/** Concurrent calls that the endpoint serves. */
	readonly parallelCalls: number;
	/** `one`: only the first tool call of an answer is made. */
	readonly callsPerAnswer: 'one' | 'many';
	readonly toolMode: ToolMode;
	/** Whether the model is so small that it gets simpler requests. */
	readonly isSmall: boolean;
	readonly maxOutputTokens: number;
	/** Tokens shared by request and answer; `null` if unknown: the server rejects what is too long. */
	readonly contextTokens: number | null;
	/** What a person can do about a context that is too small. */
	readonly contextHint?: string | undefined;
	/** Longest silence before the first chunk and between chunks, in ms. */
	readonly firstByteMs: number;
	readonly idleMs: number;
	readonly price: PriceOf;
};

/** Connects to a model; returns the same connection for the same target. */
export type Connect = (target: ModelTarget, signal: AbortSignal) => Promise<Connection>;
