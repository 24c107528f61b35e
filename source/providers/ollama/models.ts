import {z} from 'zod';
import {getJson, ifKnown, type Ask} from '../transport/ask.ts';
import type {ModelInfo} from '../provider.ts';

/** What the server says of a model, and the context that all calls ask for. */
export type OllamaModel = {
	/** `undefined`: the server does not tell. */
	readonly canCall: boolean | undefined;
	/** Runs on ollama.com: neither context nor output format can be chosen. */
	readonly isRemote: boolean;
	readonly contextTokens: number;
};

/**
 * Tokens of context that are asked for where nobody says otherwise. Ollama's own default depends on
 * the memory of the graphics card and is 4,096 below 24 GiB, too little for an agent's tools and
 * files. Each token costs about 140 KB with a model of 8 billion parameters, so 16,384 are the most
 * that fit beside such a model into 8 GB; more would move layers to the processor, many times slower.
 * https://github.com/ollama/ollama/blob/main/docs/context-length.mdx
 */
const defaultContextTokens = 16_384;

/**
 * Describes models. The server loads a model again whenever a call asks for another context, so the
 * number that was found first stays for all calls: what a person `wanted`, else the default, or what
 * is loaded already when that is more.
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
			ifKnown(getJson(ask, '/api/show', cardSchema, {model: name})),
			ifKnown(getJson(ask, '/api/ps', runningSchema)),
		]);
		const model = {
			canCall: card?.capabilities?.includes('tools'),
			isRemote: Boolean(card?.remote_host),
			contextTokens: contextOf(name, wanted, card, running),
		};
		// Of two that asked at once, the first decides.
		const first = known.get(name) ?? model;
		known.set(name, first);
		return first;
	};
}

/** Models that can answer, which those for embeddings cannot. */
export async function listOllamaModels(ask: Ask): Promise<readonly ModelInfo[]> {
	const [{models}, running] = await Promise.all([
		getJson(ask, '/api/tags', tagsSchema),
		ifKnown(getJson(ask, '/api/ps', runningSchema)),
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

/** `llama3` and `llama3:latest` are one model. */
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
});

type Card = z.infer<typeof cardSchema>;
type Running = z.infer<typeof runningSchema>;
