import type {JsonObject} from '../../source/core/json.ts';
import type {Provider, ProviderSettings} from '../../source/providers/provider.ts';
import type {Fetch} from '../../source/providers/transport/fetch.ts';
import type {ModelServer, ModelServerOptions, Script} from '../helpers/model-server.ts';

/** What differs between the providers, beyond the wire. */
export type ProviderTraits = {
	readonly type: ProviderSettings['type'];
	/** The vendor's own address, when what is tested goes there only. Default: the server's. */
	readonly address?: string;
	readonly create: (settings: ProviderSettings, dependencies: {fetch: Fetch}) => Provider;
	/** The messages of `history` below as they are on the wire, first one included. */
	readonly wireMessages: readonly unknown[];
	/** Where the wire carries the schema of a structured answer. */
	readonly schemaIn: (body: Readonly<Record<string, unknown>>) => unknown;
	/** What the wire carries of `ownThought` when it goes back to the model that had it. */
	readonly wireThought: unknown;
	/** Tokens read from a cache out of 100; `null` when the wire does not tell. */
	readonly cacheRead: number | null;
	readonly keyVariable: string;
	readonly startHint: string;
	readonly missingModelHint: RegExp;
	/** What it says of a model's context of 8192 tokens and of its tools. */
	readonly known: {readonly contextTokens: number | null; readonly tools: string};
	/** Whether a server of the protocol counts tokens without answering. */
	readonly counts: boolean;
	/** Text of an error with status 400 for a request that does not fit into the context. */
	readonly overflow: JsonObject;
};

/** What a test of the suite gets. */
export type ProviderContext = {
	readonly traits: ProviderTraits;
	/** A provider with a server of its own, which ends with the test. */
	start(
		script: Script,
		options?: ModelServerOptions,
	): Promise<{readonly server: ModelServer; readonly provider: Provider}>;
	/** Connects to a server. Default key: one that the server takes. */
	connect(baseUrl: string, settings?: Partial<ProviderSettings>): Provider;
	/** The server's address as messages name it. */
	addressOf(server: ModelServer): string;
};
