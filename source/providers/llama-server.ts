import {z} from 'zod';
import {getJson, healthFrom, modelListSchema, type Ask} from './ask.ts';
import {endpointOf} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {streamOpenAiChat} from './openai-chat.ts';
import type {Provider, ProviderSettings} from './provider.ts';

/**
 * llama-server of llama.cpp. It serves the one model it was started with, whatever name is asked
 * for, in as many slots as it has; the context of the server is divided among them.
 * https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
export function createLlamaServerProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);

	return {
		type: 'llama-server',
		endpoint: endpoint.url,
		health: async ({signal}) => healthFrom(versionOf({fetch, endpoint, signal})),
		async models({signal}) {
			const {data} = await getJson({fetch, endpoint, signal}, '/v1/models', modelListSchema);
			return data.map(({id}) => ({id, loaded: true}));
		},
		async capabilities(model, {signal}) {
			const ask = {fetch, endpoint: {...endpoint, model}, signal};
			const props = await getJson(ask, '/props', propsSchema);
			const canCall = props.chat_template_caps?.supports_tool_calls;
			return {
				tools: canCall === undefined ? 'unknown' : canCall ? 'native' : 'none',
				structuredOutput: 'enforced',
				// Of one slot, and of what is allocated, not of what the model was trained on.
				contextTokens: props.default_generation_settings?.n_ctx ?? null,
				maxOutputTokens: null,
				parallelCalls: props.total_slots ?? null,
			};
		},
		stream: (request, options) => streamOpenAiChat(fetch, endpoint, request, options),
	};
}

/** `/health` tells whether the model is loaded, but only `/props` asks for the key. */
async function versionOf(ask: Ask): Promise<string | undefined> {
	await getJson(ask, '/health', z.object({status: z.string()}));
	return (await getJson(ask, '/props', propsSchema)).build_info;
}

const propsSchema = z.object({
	total_slots: z.number().optional(),
	build_info: z.string().optional(),
	default_generation_settings: z.object({n_ctx: z.number()}).optional(),
	chat_template_caps: z.object({supports_tool_calls: z.boolean().optional()}).optional(),
});
