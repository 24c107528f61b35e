import {z} from 'zod';
import {getJson, ifSupported, type Ask} from '../transport/ask.ts';
import {parametersIn} from '../local/model-size.ts';
import type {ModelInfo} from '../provider.ts';

/** What the server says about a model, and the context size that all calls request. */
export type OllamaModel = {
	/** `undefined`: not reported by the server. */
	readonly canCall: boolean | undefined;
	/** Runs on ollama.com: neither context size nor output format can be chosen. */
	readonly isRemote: boolean;
	readonly contextTokens: number;
	readonly parameters: number | undefined;
};

/**
 * Default context size in tokens. Ollama's own default depends on the graphics card's memory and is
 * 4,096 below 24 GiB, too small for an agent's tools and files. With a model of 8 billion
 * parameters, each token takes about 140 KB, so 16,384 is the most that fits into 8 GB next to the
 * model; beyond that, layers move to the CPU, which is many times slower.
 * https://github.com/ollama/ollama/blob/main/docs/context-length.mdx
 */
const defaultContextTokens = 16_384;

/**
 * Describes models. The server reloads a model whenever a call requests another context size, so
 * the first size found is used for all calls: the person's (`wanted`), otherwise the default, or
 * that of the loaded model if larger.
 */
export function createOllamaModels(
	wanted: number | undefined,
): (model: string, ask: Ask) => Promise<OllamaModel> {
	const known = new Map<string, OllamaModel>();
	return async (name, ask) => {
		const before = known.get(name);
		if (before !== undefined) {
			return before;
		}

		const [card, running] = await Promise.all([
			ifSupported(getJson(ask, '/api/show', cardSchema, {model: name})),
			ifSupported(getJson(ask, '/api/ps', runningSchema)),
		]);
		const model = {
			canCall: card?.capabilities?.includes('tools'),
			isRemote: Boolean(card?.remote_host),
			contextTokens: contextOf(name, wanted, card, running),
			parameters: parametersIn(card?.details?.parameter_size ?? name),
		};
		// If two calls raced, the first one wins.
		const first = known.get(name) ?? model;
		known.set(name, first);
		return first;
	};
}

/** The models that can chat, without embedding models. */
export async function listOllamaModels(ask: Ask): Promise<readonly ModelInfo[]> {
	const [{models}, running] = await Promise.all([
		getJson(ask, '/api/tags', tagsSchema),
		ifSupported(getJson(ask, '/api/ps', runningSchema)),
	]);
	const loaded = new Set(running?.models.map(({name}) => name));
	return models
		.filter(({capabilities}) => capabilities?.includes('completion') ?? true)
		.map(({name}) => ({id: name, loaded: loaded.has(name)}));
}

function contextOf(
	name: string,
	wanted: number | undefined,
	card: Card | undefined,
	running: Running | undefined,
): number {
	const maximum = maximumOf(card);
	if (card?.remote_host && maximum !== undefined) {
		return maximum;
	}

	const loaded = running?.models.find(model => withTag(model.name) === withTag(name));
	const chosen = wanted ?? Math.max(defaultContextTokens, loaded?.context_length ?? 0);
	return Math.min(chosen, maximum ?? Infinity);
}

/** `llama3` and `llama3:latest` are the same model. */
export function withTag(name: string): string {
	return /:[^/]*$/.test(name) ? name : `${name}:latest`;
}

function maximumOf(card: Card | undefined): number | undefined {
	const facts = card?.model_info ?? {};
	const own = facts[`${String(facts['general.architecture'])}.context_length`];
	const [, any] = Object.entries(facts).find(([key]) => key.endsWith('.context_length')) ?? [];
	return [own, any].filter(value => typeof value === 'number').find(value => value > 0);
}

const tagsSchema = z.object({
	models: z.array(z.object({name: z.string(), capabilities: z.array(z.string()).nullish()})),
});

const runningSchema = z.object({
	models: z.array(z.object({name: z.string(), context_length: z.number().nullish()})),
});

const cardSchema = z.object({
	capabilities: z.array(z.string()).nullish(),
	model_info: z.record(z.string(), z.unknown()).nullish(),
	remote_host: z.string().nullish(),
	details: z.object({parameter_size: z.string().nullish()}).nullish().catch(undefined),
});

type Card = z.infer<typeof cardSchema>;
type Running = z.infer<typeof runningSchema>;
