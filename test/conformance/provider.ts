import {afterEach, beforeEach, describe, expect} from 'vitest';
import type {JsonObject} from '../../source/providers/transport/call-parts.ts';
import {createFetch, type Fetch} from '../../source/providers/transport/fetch.ts';
import type {Provider, ProviderSettings} from '../../source/providers/provider.ts';
import {
	startModelServer,
	type ModelServer,
	type ModelServerOptions,
	type Script,
} from '../helpers/model-server.ts';
import {redirectedFetch} from '../helpers/model-server/vendor.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import {testAnswers} from '../providers/conformance/answers.ts';
import {testFailures} from '../providers/conformance/failures.ts';
import {testSettings} from '../providers/conformance/settings.ts';

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

/** The behaviour that all providers share, over real HTTP. No test may print anything. */
export function describeProvider(traits: ProviderTraits): void {
	describe(`provider ${traits.type}${traits.address ? ` at ${traits.address}` : ''}`, () => {
		let server: ModelServer | undefined;
		let prints: Prints;
		const fetch = createFetch();

		const connect: ProviderContext['connect'] = (url, settings) => {
			const {address = url, type} = traits;
			const redirected = redirectedFetch(fetch, address, new URL(url).origin);
			const path = new URL(url).pathname.replace(/^\/$/, '');
			return traits.create(
				{
					type,
					baseUrl: address + (address === url ? '' : path),
					apiKey: 'key-of-the-test',
					...settings,
				},
				{fetch: address === url ? fetch : redirected},
			);
		};

		const start: ProviderContext['start'] = async (script, options) => {
			server = await startModelServer(script, options);
			return {server, provider: connect(server.url)};
		};

		beforeEach(() => {
			prints = capturePrints();
		});

		afterEach(async () => {
			prints.stop();
			await server?.close();
			server = undefined;
			expect(prints.text).toBe('');
		});

		const addressOf = ({url}: ModelServer) => traits.address ?? url;
		const context: ProviderContext = {traits, start, connect, addressOf};
		testAnswers(context);
		testFailures(context);
		testSettings(context);
	});
}
