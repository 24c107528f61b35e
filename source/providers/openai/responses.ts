import {z} from 'zod';
import type {ChatRequest} from '../../core/chat.ts';
import {isJsonObject, type Json} from '../../core/json.ts';
import {askJson, type Ask} from '../transport/ask.ts';
import {requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {createOpenAiClient} from './client.ts';
import {responsesBody, responsesInput} from './responses-messages.ts';
import {createResponsesReader} from './responses-reader.ts';
import type {StreamEvent, StreamOptions} from '../provider.ts';
import {streamAnswer} from '../transport/stream.ts';
import {readEvents} from '../transport/wire.ts';

/** Streams an answer over the Responses API, which OpenAI recommends for reasoning models. */
export async function* streamOpenAiResponses(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	options: StreamOptions,
): AsyncGenerator<StreamEvent> {
	const target = {...endpoint, model: request.model};
	requireKey(target);
	yield* streamAnswer(
		fetch,
		{
			endpoint: target,
			bodyType: 'event-stream',
			open: async watched => {
				const client = await createOpenAiClient(target, watched);
				const response = await client.responses.create(responsesBody(request)).asResponse();
				return dropRepeats(readEvents(response.body, target));
			},
			reader: createResponsesReader(request, target),
		},
		options,
	);
}

/** The vendor's own token count of a request. */
export async function countResponsesTokens(ask: Ask, request: ChatRequest): Promise<number> {
	requireKey(ask.endpoint);
	const {input_tokens: count} = await askJson(ask, countSchema, watched =>
		watched(`${ask.endpoint.openAiUrl}/responses/input_tokens`, {
			method: 'POST',
			headers: {'content-type': 'application/json'},
			body: JSON.stringify(responsesInput(request)),
		}),
	);
	return count;
}

const countSchema = z.object({input_tokens: z.number()});

/**
 * The stream repeats each text, part, summary and arguments once they are done; drops these events.
 */
async function* dropRepeats(
	events: AsyncIterable<Json | undefined>,
): AsyncGenerator<Json | undefined> {
	for await (const event of events) {
		const type = isJsonObject(event) ? event['type'] : undefined;
		const isRepeat = typeof type === 'string' && type.endsWith('.done');
		if (!isRepeat || type === 'response.output_item.done') {
			yield event;
		}
	}
}
