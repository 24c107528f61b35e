import type {ChatRequest} from '../../core/chat.ts';
import type {JsonObject} from '../../core/json.ts';
import {requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {createOpenAiClient} from './client.ts';
import {dialectOf, findChatConcession, type Dialect} from './dialects.ts';
import {openAiBody, optionalFields} from './chat-messages.ts';
import {chatOptions} from '../transport/request-options.ts';
import {createOpenAiReader} from './chat-reader.ts';
import type {StreamEvent, StreamOptions} from '../provider.ts';
import {withoutFields, type Concessions} from '../transport/concessions.ts';
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
 * `findChatConcession`.
 */
export function streamOpenAiChat(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	options: StreamOptions,
	{concessions, ...served}: ServedModel & {readonly concessions: Concessions},
): AsyncGenerator<StreamEvent> {
	const target = {...endpoint, model: request.model};
	const bodyOf = (dialect: Dialect) => ({
		...withoutFields(
			{...openAiBody(request, dialect), ...chatOptions(endpoint.request)},
			dialect.leftOut,
		),
		model: served.servedAs ?? request.model,
	});
	return concessions.stream(
		() => {
			requireKey(endpoint);
			const dialect = dialectOf(target, concessions.made);
			return streamAnswer(
				fetch,
				{
					endpoint: target,
					open: async watched => {
						const client = await createOpenAiClient(target, watched);
						// The SDK's own stream prints malformed data and ends silently if it is cut off.
						const response = await client.chat.completions.create(bodyOf(dialect)).asResponse();
						return readEvents(response.body, target, isCompletion);
					},
					reader: createOpenAiReader(request, target, dialect, served.isRequested),
				},
				options,
			);
		},
		refusal =>
			findChatConcession(
				refusal,
				concessions.made,
				optionalFields(bodyOf(dialectOf(target, concessions.made))),
			),
	);
}

/** Whether a body is a complete answer, from a server that does not stream. */
function isCompletion(value: JsonObject): boolean {
	return Array.isArray(value['choices']);
}
