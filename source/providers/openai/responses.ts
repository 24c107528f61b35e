import {z} from 'zod';
import type {ChatRequest} from '../../core/chat.ts';
import type {Json} from '../../core/json.ts';
import {askJson, type Ask} from '../transport/ask.ts';
import {isJsonObject} from '../transport/call-parts.ts';
import {requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {createOpenAiClient} from './client.ts';
import {responsesBody, responsesInput} from './responses-messages.ts';
import {createResponsesReader} from './responses-reader.ts';
import type {StreamEvent, StreamOptions} from '../provider.ts';
import {streamAnswer} from '../transport/stream.ts';
import {eventsOf} from '../transport/wire.ts';

/** Streams an answer over the Responses API, which OpenAI itself recommends for models that reason. */
export async function* streamOpenAiResponses(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	options: StreamOptions,
): AsyncGenerator<StreamEvent> {
	const place = {...endpoint, model: request.model};
	requireKey(place);
	yield* streamAnswer(
		fetch,
		{
			endpoint: place,
			bodyType: 'event-stream',
			open: async watched => {
				const client = await createOpenAiClient(place, watched);
				const response = await client.responses.create(responsesBody(request)).asResponse();
				return withoutRepeats(eventsOf(response.body, place));
			},
			reader: createResponsesReader(request, place),
		},
		options,
	);
}

/** Tokens of a request by the vendor's own count. */
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

/** When a text, a part, a summary or the arguments of a call are done, the stream says all again. */
async function* withoutRepeats(
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
