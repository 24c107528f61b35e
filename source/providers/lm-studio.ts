import {z} from 'zod';
import {getJson, healthFrom, ifKnown, modelListSchema, type Ask} from './ask.ts';
import {endpointOf} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {streamOpenAiChat} from './openai-chat.ts';
import type {Capabilities, Provider, ProviderSettings} from './provider.ts';

/**
 * LM Studio. Models are listed by the newest interface that the server has (native v1 since 0.4,
 * native v0, OpenAI's); chat goes over chat completions, as the native one takes no tools of ours.
 * https://lmstudio.ai/docs/developer/rest
 */
export function createLmStudioProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);

	return {
		type: 'lmstudio',
		endpoint: endpoint.url,
		health: async ({signal}) =>
			healthFrom(listModels({fetch, endpoint, signal}).then(() => undefined)),
		async models({signal}) {
			const models = await listModels({fetch, endpoint, signal});
			return models.map(({id, loaded}) => ({id, loaded}));
		},
		async capabilities(model, {signal}) {
			const models = await listModels({fetch, endpoint: {...endpoint, model}, signal});
			return models.find(({id}) => id === model)?.capabilities ?? unknown;
		},
		stream: (request, options) => streamOpenAiChat(fetch, endpoint, request, options),
	};
}

type Listed = {
	readonly id: string;
	readonly loaded: boolean | undefined;
	readonly capabilities: Capabilities;
};

async function listModels(ask: Ask): Promise<readonly Listed[]> {
	return (
		(await ifKnown(getJson(ask, '/api/v1/models', v1Schema))) ??
		(await ifKnown(getJson(ask, '/api/v0/models', v0Schema))) ??
		(await getJson(ask, '/v1/models', plainSchema))
	);
}

/** A model without training for tools still gets a default prompt for them. */
const unknown: Capabilities = {
	tools: 'unknown',
	structuredOutput: 'enforced',
	contextTokens: null,
	maxOutputTokens: null,
	parallelCalls: null,
};

const v1Schema = z
	.object({
		models: z.array(
			z.object({
				type: z.string(),
				key: z.string(),
				loaded_instances: z.array(
					z.object({
						config: z.object({
							context_length: z.number().nullish(),
							parallel: z.number().nullish(),
						}),
					}),
				),
				capabilities: z.object({trained_for_tool_use: z.boolean().nullish()}).nullish(),
			}),
		),
	})
	.transform(({models}): readonly Listed[] =>
		models
			.filter(({type}) => !/embedding/.test(type))
			.map(({key, loaded_instances: [instance], capabilities}) => ({
				id: key,
				loaded: instance !== undefined,
				capabilities: {
					...unknown,
					tools: capabilities?.trained_for_tool_use ? 'native' : 'unknown',
					contextTokens: instance?.config.context_length ?? null,
					parallelCalls: instance?.config.parallel ?? null,
				},
			})),
	);

const v0Schema = z
	.object({
		data: z.array(
			z.object({
				id: z.string(),
				type: z.string(),
				state: z.string(),
				loaded_context_length: z.number().nullish(),
				capabilities: z.array(z.string()).nullish(),
			}),
		),
	})
	.transform(({data}): readonly Listed[] =>
		data
			.filter(({type}) => !/embedding/.test(type))
			.map(model => ({
				id: model.id,
				loaded: model.state === 'loaded',
				capabilities: {
					...unknown,
					tools: model.capabilities?.includes('tool_use') ? 'native' : 'unknown',
					contextTokens: model.loaded_context_length ?? null,
				},
			})),
	);

const plainSchema = modelListSchema.transform(({data}): readonly Listed[] =>
	data.map(({id}) => ({id, loaded: undefined, capabilities: unknown})),
);
