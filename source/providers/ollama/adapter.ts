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
import {readCheckedLines} from '../transport/wire.ts';

/** Ollama over its native API; its OpenAI-compatible API cannot set the context size. */
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
		const target = {...endpoint, model: request.model};
		const ask: Ask = {fetch, endpoint: target, signal: options.signal};
		requireKey(target);
		const model = await describe(request.model, ask);
		yield* streamAnswer(
			fetch,
			{
				endpoint: target,
				open: async watched =>
					openChat(checked(watched, target), target, ollamaBody(request, model, endpoint.request)),
				reader: createOllamaReader(request, target, model.contextTokens),
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
			const {canCall, contextTokens, isRemote, parameters} = await describe(name, ask);
			return {
				tools: canCall === undefined ? 'unknown' : canCall ? 'native' : 'none',
				structuredOutput: isRemote ? 'best-effort' : 'enforced',
				contextTokens,
				maxOutputTokens: null,
				// The server's default: further calls are queued.
				parallelCalls: 1,
				parameters: isRemote ? undefined : parameters,
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

/** Ends the stream at malformed lines, which the package would print, and at error lines. */
function checked(fetch: Fetch, endpoint: Endpoint): Fetch {
	return async (input, init) => {
		const response = await fetch(input, init);
		const {body, status, headers} = response;
		const lines = body && ReadableStream.from(readCheckedLines(body, endpoint));
		return new Response(lines, {status, headers});
	};
}

const versionSchema = z.object({version: z.string()});
