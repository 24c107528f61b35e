import {afterEach, beforeEach, describe, expect} from 'vitest';
import {createFetch} from '../../source/providers/transport/fetch.ts';
import {startModelServer, type ModelServer} from '../helpers/model-server.ts';
import {redirectedFetch} from '../helpers/model-server/vendor.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import type {ProviderContext, ProviderTraits} from './provider-context.ts';
import {testAnswers} from '../providers/conformance/answers.ts';
import {testFailures} from '../providers/conformance/failures.ts';
import {testSettings} from '../providers/conformance/settings.ts';

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
