import {afterEach, beforeEach, describe, expect} from 'vitest';
import type {JsonObject} from '../../source/providers/calls.ts';
import {createFetch, type Fetch} from '../../source/providers/fetch.ts';
import type {Provider, ProviderSettings} from '../../source/providers/provider.ts';
import {
	startModelServer,
	type ModelServer,
	type ModelServerOptions,
	type Script,
} from '../helpers/model-server.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import {testAnswers} from '../providers/conformance/answers.ts';
import {testFailures} from '../providers/conformance/failures.ts';

/** What differs between the providers, beyond the wire. */
export type ProviderTraits = {
	readonly type: ProviderSettings['type'];
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
	connect(baseUrl: string, apiKey?: string): Provider;
};

/** The behaviour that all providers share, over real HTTP. No test may print anything. */
export function describeProvider(traits: ProviderTraits): void {
	describe(`provider ${traits.type}`, () => {
		let server: ModelServer | undefined;
		let prints: Prints;
		const fetch = createFetch();

		const connect = (baseUrl: string, apiKey = 'key-of-the-test') =>
			traits.create({type: traits.type, baseUrl, apiKey}, {fetch});

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

		const context: ProviderContext = {traits, start, connect};
		testAnswers(context);
		testFailures(context);
	});
}
