import type {ChatRequest} from '../../core/chat.ts';
import {requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {createOpenAiClient} from './client.ts';
import {adaptDialect, dialectOf, type Dialect} from './dialects.ts';
import {openAiBody} from './chat-messages.ts';
import {createOpenAiReader} from './chat-reader.ts';
import {ProviderError, type StreamEvent, type StreamOptions} from '../provider.ts';
import {streamAnswer} from '../transport/stream.ts';
import {readEvents} from '../transport/wire.ts';

/** What an adapter knows about a model beyond the protocol. */
export type ServedModel = {
	/** The server's name for the model. Default: the requested name. */
	readonly servedAs?: string | undefined;
	/** Whether a name in the answer refers to the requested model. Default: any name does. */
	readonly isRequested?: ((model: string) => boolean) | undefined;
};

/**
 * Streams an answer over chat completions, for OpenAI and every compatible server. If a server
 * rejects a feature by name, the request is repeated without it, and so are later ones, see
 * `adaptDialect`.
 */
export async function* streamOpenAiChat(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	options: StreamOptions,
	served: ServedModel = {},
): AsyncGenerator<StreamEvent> {
	requireKey(endpoint);
	for (;;) {
		const dialect = adaptedDialects.get(endpoint) ?? dialectOf(endpoint);
		try {
			yield* streamIn(dialect, {fetch, endpoint, request, options, served});
			return;
		} catch (error) {
			const next = error instanceof ProviderError ? adaptDialect(dialect, error) : undefined;
			if (next === undefined) {
				throw error;
			}

			adaptedDialects.set(endpoint, next);
		}
	}
}

/** Adapted dialects, by the adapter's endpoint. */
const adaptedDialects = new WeakMap<Endpoint, Dialect>();

type Call = {
	readonly fetch: Fetch;
	readonly endpoint: Endpoint;
	readonly request: ChatRequest;
	readonly options: StreamOptions;
	readonly served: ServedModel;
};

function streamIn(
	dialect: Dialect,
	{fetch, endpoint, request, options, served}: Call,
): AsyncGenerator<StreamEvent> {
	const target = {...endpoint, model: request.model};
	return streamAnswer(
		fetch,
		{
			endpoint: target,
			bodyType: 'event-stream',
			open: async watched => {
				const client = await createOpenAiClient(target, watched);
				// The SDK's own stream prints malformed data and ends silently if it is cut off.
				const response = await client.chat.completions
					.create({...openAiBody(request, dialect), model: served.servedAs ?? request.model})
					.asResponse();
				return readEvents(response.body, target);
			},
			reader: createOpenAiReader(request, target, dialect, served.isRequested),
		},
		options,
	);
}
