import type {PriceOf} from '../../core/cost.ts';
import type {ToolMode} from '../../core/tool-modes.ts';
import type {ModelTarget} from '../../core/settings.ts';
import type {Provider} from '../../providers/provider.ts';

/** A provider that is ready for calls, with what is known of the model. */
export type Connection = {
	readonly provider: Provider;
	readonly model: string;
	/** Calls that the endpoint serves at once. */
	readonly parallelCalls: number;
	/** `one`: of several calls in an answer only the first is made. */
	readonly callsPerAnswer: 'one' | 'many';
	readonly toolMode: ToolMode;
	readonly maxOutputTokens: number;
	/** Tokens that request and answer share; `null`: not known, the server will say when it is too much. */
	readonly contextTokens: number | null;
	/** Longest silence before the first chunk and between chunks, in ms. */
	readonly firstByteMs: number;
	readonly idleMs: number;
	readonly price: PriceOf;
};

/** Connects to a model; the same target gives the same connection. */
export type Connect = (target: ModelTarget, signal: AbortSignal) => Promise<Connection>;
