import {askJson, healthFrom, ifSupported, type Ask} from '../transport/ask.ts';
import {modelListSchema} from '../transport/model-list.ts';
import {createConcessions} from '../transport/concessions.ts';
import {endpointOf, requireKey} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {streamOpenAiChat} from './chat.ts';
import {countResponsesTokens, streamOpenAiResponses} from './responses.ts';
import type {Provider, ProviderSettings} from '../provider.ts';

/**
 * OpenAI over its Responses API, or with another base URL any service that supports its chat
 * completions protocol. Compatible services also report
 * the sizes of their models.
 */
export function createOpenAiProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);
	const concessions = createConcessions();

	const listModels = async (signal: AbortSignal) => {
		requireKey(endpoint);
		const ask: Ask = {fetch, endpoint, signal};
		return askJson(ask, modelListSchema, watched => watched(`${endpoint.openAiUrl}/models`));
	};

	return {
		type: 'openai',
		endpoint: endpoint.url,
		health: async ({signal}) => healthFrom(listModels(signal).then(() => undefined)),
		models: async ({signal}) =>
			(await listModels(signal)).map(({id, contextTokens}) => ({
				id,
				...(contextTokens === null ? {} : {contextTokens}),
			})),
		async capabilities(model, {signal}) {
			// The vendor's list has no sizes.
			const listed = endpoint.isVendor ? [] : await ifSupported(listModels(signal));
			const found = listed?.find(({id}) => id === model);
			return {
				tools: endpoint.isVendor ? 'native' : 'unknown',
				structuredOutput: endpoint.isVendor ? 'enforced' : 'best-effort',
				contextTokens: found?.contextTokens ?? null,
				maxOutputTokens: found?.maxOutputTokens ?? null,
				parallelCalls: null,
			};
		},
		...(endpoint.isVendor
			? {
					countTokens: async (request, {signal}) =>
						countResponsesTokens(
							{fetch, endpoint: {...endpoint, model: request.model}, signal},
							request,
						),
				}
			: {}),
		concessions: () => [...concessions.made],
		stream: (request, options) =>
			endpoint.isVendor
				? streamOpenAiResponses(fetch, endpoint, request, options, concessions)
				: streamOpenAiChat(fetch, endpoint, request, options, {concessions}),
	};
}
