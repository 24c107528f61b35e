import {z} from 'zod';
import type {ChatRequest} from '../core/chat.ts';
import {getJson, healthFrom, ifKnown, type Ask} from './ask.ts';
import {bearer, endpointOf, requireKey, type Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {ollamaBody} from './ollama-messages.ts';
import {createOllamaReader} from './ollama-reader.ts';
import type {Provider, ProviderSettings, StreamEvent, StreamOptions} from './provider.ts';
import {streamAnswer} from './stream.ts';
import {checkedLinesOf} from './wire.ts';

/**
 * Tokens of context that we ask for, unless the model has less. One number for all calls: the
 * server loads the model again for another one.
 */
const ollamaContextTokens = 16_384;

/** Ollama over its native interface; the OpenAI one that it has too cannot set the context. */
export function createOllamaProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);
	const contexts = new Map<string, number>();

	const describe = async (model: string, signal: AbortSignal): Promise<Model | undefined> => {
		const ask: Ask = {fetch, endpoint: {...endpoint, model}, signal};
		const info = await ifKnown(getJson(ask, '/api/show', modelSchema, {model}));
		contexts.set(model, Math.min(ollamaContextTokens, info?.contextMaximum ?? Infinity));
		return info;
	};

	const contextOf = async (model: string, signal: AbortSignal) => {
		if (!contexts.has(model)) {
			await describe(model, signal);
		}

		return contexts.get(model) ?? ollamaContextTokens;
	};

	async function* stream(
		request: ChatRequest,
		options: StreamOptions,
	): AsyncGenerator<StreamEvent> {
		const place = {...endpoint, model: request.model};
		requireKey(place);
		const contextTokens = await contextOf(request.model, options.signal);
		yield* streamAnswer(
			fetch,
			{
				endpoint: place,
				bodyType: 'ndjson',
				open: async watched => openChat(checked(watched, place), place, request, contextTokens),
				reader: createOllamaReader(request, place, contextTokens),
			},
			options,
		);
	}

	return {
		type: 'ollama',
		endpoint: endpoint.url,
		health: async ({signal}) =>
			healthFrom(
				getJson({fetch, endpoint, signal}, '/api/version', versionSchema).then(
					({version}) => version,
				),
			),
		async models({signal}) {
			const ask: Ask = {fetch, endpoint, signal};
			const {models} = await getJson(ask, '/api/tags', namesSchema);
			const running = await ifKnown(getJson(ask, '/api/ps', namesSchema));
			const loaded = new Set(running?.models.map(({name}) => name));
			return models.map(({name}) => ({id: name, loaded: loaded.has(name)}));
		},
		async capabilities(model, {signal}) {
			const info = await describe(model, signal);
			const canCall = info?.capabilities?.includes('tools');
			return {
				tools: canCall === undefined ? 'unknown' : canCall ? 'native' : 'none',
				structuredOutput: 'enforced',
				contextTokens: contexts.get(model) ?? ollamaContextTokens,
				maxOutputTokens: null,
				// The server's default: further calls wait in its queue.
				parallelCalls: 1,
			};
		},
		stream,
	};
}

async function openChat(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	contextTokens: number,
): Promise<AsyncIterable<unknown>> {
	const {Ollama} = await import('ollama');
	const client = new Ollama({host: endpoint.url, headers: bearer(endpoint), fetch});
	return client.chat(ollamaBody(request, contextTokens));
}

/** Broken lines and error lines end the stream here: the package would print the former. */
function checked(fetch: Fetch, endpoint: Endpoint): Fetch {
	return async (input, init) => {
		const response = await fetch(input, init);
		const {body, status, headers} = response;
		const lines = body && ReadableStream.from(checkedLinesOf(body, endpoint));
		return new Response(lines, {status, headers});
	};
}

const versionSchema = z.object({version: z.string()});
const namesSchema = z.object({models: z.array(z.object({name: z.string()}))});

const modelSchema = z
	.object({
		capabilities: z.array(z.string()).nullish(),
		model_info: z.record(z.string(), z.unknown()).nullish(),
	})
	.transform(({capabilities, model_info}) => {
		const [, maximum] =
			Object.entries(model_info ?? {}).find(([key]) => key.endsWith('.context_length')) ?? [];
		return {capabilities, contextMaximum: typeof maximum === 'number' ? maximum : undefined};
	});

type Model = z.infer<typeof modelSchema>;
