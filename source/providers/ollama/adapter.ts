import {z} from 'zod';
import type {ChatRequest} from '../../core/chat.ts';
import {getJson, healthFrom, type Ask} from '../transport/ask.ts';
import {endpointOf, requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {ollamaBody} from './messages.ts';
import {createOllamaModels, listOllamaModels} from './models.ts';
import {createOllamaReader} from './reader.ts';
import type {Provider, ProviderSettings, StreamEvent, StreamOptions} from '../provider.ts';
import {streamAnswer} from '../transport/stream.ts';
import {checkedLinesOf} from '../transport/wire.ts';

/** Ollama over its native interface; the OpenAI one that it has too cannot set the context. */
export function createOllamaProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);
	const describe = createOllamaModels(settings.contextTokens);

	async function* stream(
		request: ChatRequest,
		options: StreamOptions,
	): AsyncGenerator<StreamEvent> {
		const place = {...endpoint, model: request.model};
		const ask: Ask = {fetch, endpoint: place, signal: options.signal};
		requireKey(place);
		const model = await describe(request.model, ask);
		yield* streamAnswer(
			fetch,
			{
				endpoint: place,
				bodyType: 'ndjson',
				open: async watched => openChat(checked(watched, place), place, ollamaBody(request, model)),
				reader: createOllamaReader(request, place, model.contextTokens),
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
		models: async ({signal}) => listOllamaModels({fetch, endpoint, signal}),
		async capabilities(name, {signal}) {
			const ask: Ask = {fetch, endpoint: {...endpoint, model: name}, signal};
			const {canCall, contextTokens, isRemote} = await describe(name, ask);
			return {
				tools: canCall === undefined ? 'unknown' : canCall ? 'native' : 'none',
				structuredOutput: isRemote ? 'best-effort' : 'enforced',
				contextTokens,
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
	body: ReturnType<typeof ollamaBody>,
): Promise<AsyncIterable<unknown>> {
	const {Ollama} = await import('ollama');
	const client = new Ollama({host: endpoint.url, fetch});
	return client.chat(body);
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
