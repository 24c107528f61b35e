import {z} from 'zod';
import {getJson, ifSupported, type Ask} from '../transport/ask.ts';
import {modelListSchema} from '../transport/model-list.ts';
import type {Capabilities} from '../provider.ts';
import {parametersIn} from './model-size.ts';

/** A loaded model; the same model may be loaded more than once. */
type Instance = {readonly id: string; readonly contextTokens: number | undefined};

export type LmStudioModel = {
	readonly id: string;
	/** `undefined`: not reported by the server. */
	readonly loaded: boolean | undefined;
	readonly instances: readonly Instance[];
	/** Maximum context size that it can be loaded with, in tokens. */
	readonly maxContextTokens: number | undefined;
	readonly capabilities: Capabilities;
};

export type LmStudioModels = {
	readonly models: readonly LmStudioModel[];
	/** Whether the server loads models on request. */
	readonly canLoad: boolean;
};

/** The models except embedding models, from the newest API that the server supports. */
export async function listLmStudioModels(ask: Ask): Promise<LmStudioModels> {
	const native = await ifSupported(getJson(ask, '/api/v1/models', v1Schema));
	if (native !== undefined) {
		return {models: native, canLoad: true};
	}

	const models =
		(await ifSupported(getJson(ask, '/api/v0/models', v0Schema))) ??
		(await getJson(ask, '/v1/models', plainSchema));
	return {models, canLoad: false};
}

/**
 * Whether two names refer to the same model: it has a key, its instances have identifiers (`key`,
 * `key:2`, or custom ones), and publisher prefix and quantization suffix are optional.
 */
export function areSameModel(
	asked: string,
	answered: string,
	models: readonly LmStudioModel[],
): boolean {
	return (
		normalizedName(asked) === normalizedName(answered) ||
		models.some(model =>
			[asked, answered].every(name => namesOf(model).includes(normalizedName(name))),
		)
	);
}

/** The model that a name refers to: its key, or the identifier of an instance. */
export function findModel(
	name: string,
	models: readonly LmStudioModel[],
): LmStudioModel | undefined {
	return (
		models.find(({id}) => id === name) ??
		models.find(({instances}) => instances.some(({id}) => id === name)) ??
		models.find(model => namesOf(model).includes(normalizedName(name)))
	);
}

function namesOf({id, instances}: LmStudioModel): readonly string[] {
	return [id, ...instances.map(instance => instance.id)].map(normalizedName);
}

function normalizedName(name: string): string {
	return name
		.toLowerCase()
		.replace(/^.*\//, '')
		.replace(/\.gguf$/, '')
		.replace(/@[\w.-]+$/, '')
		.replace(/:\d+$/, '');
}

/** A model not trained for tools still gets a default prompt for them. */
export const unknownCapabilities: Capabilities = {
	tools: 'unknown',
	structuredOutput: 'enforced',
	contextTokens: null,
	maxOutputTokens: null,
	parallelCalls: null,
};

const isNotEmbedding = ({type}: {readonly type: string}) => !/embedding/.test(type);

/** https://lmstudio.ai/docs/developer/rest/list */
const v1Schema = z
	.object({
		models: z.array(
			z.object({
				type: z.string(),
				key: z.string(),
				params_string: z.string().nullish(),
				loaded_instances: z.array(
					z.object({
						id: z.string().nullish(),
						config: z.object({
							context_length: z.number().nullish(),
							parallel: z.number().nullish(),
						}),
					}),
				),
				max_context_length: z.number().nullish(),
				capabilities: z.object({trained_for_tool_use: z.boolean().nullish()}).nullish(),
			}),
		),
	})
	.transform(({models}): readonly LmStudioModel[] =>
		models
			.filter(isNotEmbedding)
			.map(
				({
					key,
					params_string: size,
					loaded_instances: loaded,
					capabilities,
					max_context_length: max,
				}) => ({
					id: key,
					loaded: loaded.length > 0,
					instances: loaded.map(({id, config}) => ({
						id: id ?? key,
						contextTokens: config.context_length ?? undefined,
					})),
					maxContextTokens: max ?? undefined,
					capabilities: {
						...unknownCapabilities,
						tools: capabilities?.trained_for_tool_use ? 'native' : 'unknown',
						contextTokens: loaded[0]?.config.context_length ?? null,
						parallelCalls: loaded[0]?.config.parallel ?? null,
						parameters: parametersIn(size ?? key),
					},
				}),
			),
	);

/** https://lmstudio.ai/docs/app/api/endpoints/rest */
const v0Schema = z
	.object({
		data: z.array(
			z.object({
				id: z.string(),
				type: z.string(),
				state: z.string(),
				loaded_context_length: z.number().nullish(),
				max_context_length: z.number().nullish(),
				capabilities: z.array(z.string()).nullish(),
			}),
		),
	})
	.transform(({data}): readonly LmStudioModel[] =>
		data.filter(isNotEmbedding).map(model => ({
			id: model.id,
			loaded: model.state === 'loaded',
			instances: [],
			maxContextTokens: model.max_context_length ?? undefined,
			capabilities: {
				...unknownCapabilities,
				tools: model.capabilities?.includes('tool_use') ? 'native' : 'unknown',
				contextTokens: model.loaded_context_length ?? null,
				parameters: parametersIn(model.id),
			},
		})),
	);

const plainSchema = modelListSchema.transform((data): readonly LmStudioModel[] =>
	data
		.filter(({id}) => !/embed/i.test(id))
		.map(({id}) => ({
			id,
			loaded: undefined,
			instances: [],
			maxContextTokens: undefined,
			capabilities: unknownCapabilities,
		})),
);
