import {z} from 'zod';
import {getJson, healthFrom, ifSupported, type Ask} from '../transport/ask.ts';
import {createConcessions} from '../transport/concessions.ts';
import {endpointOf, requireKey} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {streamOpenAiChat} from '../openai/chat.ts';
import {dialectOf} from '../openai/dialects.ts';
import {openAiBody} from '../openai/chat-messages.ts';
import type {Provider, ProviderSettings} from '../provider.ts';
import {parametersIn} from './model-size.ts';

/**
 * llama-server of llama.cpp. It serves the one model it was started with, whatever name is
 * requested, in a number of slots that share the server's context. A request that waits for a slot
 * receives nothing, so queueing and prompt processing look the same until the prompt is processed.
 * https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
export function createLlamaServerProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);
	const concessions = createConcessions();

	return {
		type: 'llama-server',
		endpoint: endpoint.url,
		health: async ({signal}) => healthFrom(versionOf({fetch, endpoint, signal})),
		async models({signal}) {
			const {data} = await getJson({fetch, endpoint, signal}, '/v1/models', modelsSchema);
			return data.map(({id, status}) => ({
				id,
				loaded: status ? status.value === 'loaded' : true,
			}));
		},
		async capabilities(model, {signal}) {
			const ask = {fetch, endpoint: {...endpoint, model}, signal};
			const [props, parameters] = await Promise.all([
				getJson(ask, '/props', propsSchema),
				countParameters(ask, model),
			]);
			const {supports_tool_calls: canCall, supports_parallel_tool_calls: canCallMany} =
				props.chat_template_caps ?? {};
			return {
				tools: canCall === undefined ? 'unknown' : canCall ? 'native' : 'none',
				structuredOutput: 'enforced',
				// Of one slot, as allocated, not as trained.
				contextTokens: props.default_generation_settings?.n_ctx ?? null,
				maxOutputTokens: null,
				parallelCalls: props.total_slots ?? null,
				parameters,
				...(canCallMany === undefined ? {} : {callsPerAnswer: canCallMany ? 'many' : 'one'}),
			};
		},
		async countTokens(request, {signal}) {
			const target = {...endpoint, model: request.model};
			requireKey(target);
			const counted = await getJson(
				{fetch, endpoint: target, signal},
				'/v1/chat/completions/input_tokens',
				countSchema,
				{...openAiBody(request, dialectOf(target, concessions.made)), stream: false},
			);
			return counted.input_tokens;
		},
		concessions: () => [...concessions.made],
		stream: (request, options) =>
			streamOpenAiChat(fetch, endpoint, request, options, {concessions}),
	};
}

/** `/health` reports whether the model is loaded, but only `/props` requires the key. */
async function versionOf(ask: Ask): Promise<string | undefined> {
	await getJson(ask, '/health', z.object({status: z.string()}));
	return (await getJson(ask, '/props', propsSchema)).build_info;
}

/** As counted by the server, or in the model's name. */
async function countParameters(ask: Ask, model: string): Promise<number | undefined> {
	const {data} = (await ifSupported(getJson(ask, '/v1/models', sizesSchema))) ?? {data: []};
	const [only] = data;
	const served = data.length === 1 ? only : data.find(({id}) => id === model);
	return served?.meta?.n_params ?? parametersIn(served?.id ?? model);
}

const sizesSchema = z.object({
	data: z.array(
		z.object({
			id: z.string(),
			meta: z.object({n_params: z.number().positive()}).nullish().catch(undefined),
		}),
	),
});

/** With several models, the server reports for each whether it is loaded. */
const modelsSchema = z.object({
	data: z.array(
		z.object({id: z.string(), status: z.object({value: z.string()}).nullish().catch(undefined)}),
	),
});

/** Every field is missing in some version; all are missing only in other programs. */
const propsSchema = z
	.object({
		total_slots: z.number().optional(),
		build_info: z.string().optional(),
		default_generation_settings: z.object({n_ctx: z.number()}).optional(),
		chat_template_caps: z
			.object({
				supports_tool_calls: z.boolean().optional(),
				supports_parallel_tool_calls: z.boolean().optional(),
			})
			.optional(),
	})
	.refine(props => Object.keys(props).length > 0);

const countSchema = z.object({input_tokens: z.number()});
