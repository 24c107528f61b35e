import {askJson, healthFrom, modelListSchema, type Ask} from './ask.ts';
import {bearer, endpointOf, requireKey} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {streamOpenAiChat} from './openai-chat.ts';
import type {Provider, ProviderSettings} from './provider.ts';

/**
 * OpenAI, or with another base URL any service that speaks its chat completions protocol. The
 * service tells nothing about its models but their names.
 */
export function createOpenAiProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);

	const listModels = async (signal: AbortSignal) => {
		requireKey(endpoint);
		const ask: Ask = {fetch, endpoint, signal};
		const {data} = await askJson(ask, modelListSchema, watched =>
			watched(`${endpoint.openAiUrl}/models`, {headers: bearer(endpoint)}),
		);
		return data.map(({id}) => ({id}));
	};

	return {
		type: 'openai',
		endpoint: endpoint.url,
		health: async ({signal}) => healthFrom(listModels(signal).then(() => undefined)),
		models: async ({signal}) => listModels(signal),
		capabilities: async () => ({
			tools: endpoint.isVendor ? 'native' : 'unknown',
			structuredOutput: endpoint.isVendor ? 'enforced' : 'best-effort',
			contextTokens: null,
			maxOutputTokens: null,
			parallelCalls: null,
		}),
		stream: (request, options) => streamOpenAiChat(fetch, endpoint, request, options),
	};
}
