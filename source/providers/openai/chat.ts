import type {ChatRequest} from '../../core/chat.ts';
import {requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {createOpenAiClient} from './client.ts';
import {concede, dialectOf, type Dialect} from './dialects.ts';
import {openAiBody} from './chat-messages.ts';
import {createOpenAiReader} from './chat-reader.ts';
import {ProviderError, type StreamEvent, type StreamOptions} from '../provider.ts';
import {streamAnswer} from '../transport/stream.ts';
import {eventsOf} from '../transport/wire.ts';

/** What an adapter knows of a model beyond the protocol. */
export type ServedModel = {
	/** What the server calls the model. Default: as the request does. */
	readonly servedAs?: string | undefined;
	/** Whether a name in the answer is one of the model that was asked. Default: any is. */
	readonly isAsked?: ((model: string) => boolean) | undefined;
};

/**
 * Streams an answer over chat completions, for OpenAI and every server of its protocol. What a server
 * refuses by name is asked for in another way at once, and so from then on, see `concede`.
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
		const dialect = learned.get(endpoint) ?? dialectOf(endpoint);
		try {
			yield* streamIn(dialect, {fetch, endpoint, request, options, served});
			return;
		} catch (error) {
			const next = error instanceof ProviderError ? concede(dialect, error) : undefined;
			if (next === undefined) {
				throw error;
			}

			learned.set(endpoint, next);
		}
	}
}

/** What servers have refused, by the endpoint that an adapter holds. */
const learned = new WeakMap<Endpoint, Dialect>();

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
	const place = {...endpoint, model: request.model};
	return streamAnswer(
		fetch,
		{
			endpoint: place,
			bodyType: 'event-stream',
			open: async watched => {
				const client = await createOpenAiClient(place, watched);
				// The SDK's own stream prints broken data and ends without an error when it is cut.
				const response = await client.chat.completions
					.create({...openAiBody(request, dialect), model: served.servedAs ?? request.model})
					.asResponse();
				return eventsOf(response.body, place);
			},
			reader: createOpenAiReader(request, place, dialect, served.isAsked),
		},
		options,
	);
}
