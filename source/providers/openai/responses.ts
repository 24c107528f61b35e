import {z} from 'zod';
import type {ChatRequest} from '../../core/chat.ts';
import {isJsonObject, type Json, type JsonObject} from '../../core/json.ts';
import {askJson, type Ask} from '../transport/ask.ts';
import {requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {createOpenAiClient} from './client.ts';
import {requiredFields, responsesBody, responsesInput} from './responses-messages.ts';
import {responsesOptions} from '../transport/request-options.ts';
import {createResponsesReader} from './responses-reader.ts';
import type {ProviderError, StreamEvent, StreamOptions} from '../provider.ts';
import {
	isRefusal,
	optionalFields,
	refusedField,
	type Concessions,
} from '../transport/concessions.ts';
import {streamAnswer} from '../transport/stream.ts';
import {readEvents} from '../transport/wire.ts';

/** Streams an answer over the Responses API, which OpenAI recommends for reasoning models. */
export function streamOpenAiResponses(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	options: StreamOptions,
	concessions: Concessions,
): AsyncGenerator<StreamEvent> {
	const target = {...endpoint, model: request.model};
	return concessions.stream(
		() => {
			requireKey(target);
			return streamAnswer(
				fetch,
				{
					endpoint: target,
					open: async watched => {
						const client = await createOpenAiClient(target, watched);
						const body = responsesBody(request, concessions.made, responsesOptions(target.request));
						const response = await client.responses.create(body).asResponse();
						return dropRepeats(readEvents(response.body, target, isResponse));
					},
					reader: createResponsesReader(request, target),
				},
				options,
			);
		},
		refusal => findConcession(refusal, {request, target}, concessions.made),
	);
}

/** Azure has deployments with any name, of models that do not reason too. */
function findConcession(
	refusal: ProviderError,
	{request, target}: {readonly request: ChatRequest; readonly target: Endpoint},
	made: ReadonlySet<string>,
): string | undefined {
	if (!isRefusal(refusal)) {
		return undefined;
	}

	return /encrypted[ _]content/i.test(refusal.message) && !made.has('include')
		? 'include'
		: refusedField(
				refusal.message,
				optionalFields(
					responsesBody(request, made, responsesOptions(target.request)),
					requiredFields,
				),
			);
}

/** Whether a body is a complete answer, from a server that does not stream. */
function isResponse(value: JsonObject): boolean {
	return value['object'] === 'response' || Array.isArray(value['output']);
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
