import type OpenAI from 'openai';
import type {ChatRequest} from '../core/chat.ts';
import {requireKey, type Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {dialectOf} from './openai-dialects.ts';
import {openAiBody} from './openai-messages.ts';
import {createOpenAiReader} from './openai-reader.ts';
import type {StreamEvent, StreamOptions} from './provider.ts';
import {streamAnswer} from './stream.ts';
import {longestTimerMs} from './watch.ts';
import {eventsOf} from './wire.ts';

/** Streams an answer over chat completions, for OpenAI and every server of its protocol. */
export async function* streamOpenAiChat(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	options: StreamOptions,
): AsyncGenerator<StreamEvent> {
	const place = {...endpoint, model: request.model};
	const dialect = dialectOf(place);
	requireKey(place);
	yield* streamAnswer(
		fetch,
		{
			endpoint: place,
			bodyType: 'event-stream',
			open: async watched => {
				const client = await createClient(place, watched);
				// The SDK's own stream prints broken data and ends without an error when it is cut.
				const response = await client.chat.completions
					.create(openAiBody(request, dialect))
					.asResponse();
				return eventsOf(response.body, place);
			},
			reader: createOpenAiReader(request, place, dialect),
		},
		options,
	);
}

/** The SDK with everything off that it would do, or read from the environment, by itself. */
async function createClient(endpoint: Endpoint, fetch: Fetch): Promise<OpenAI> {
	const {default: OpenAiSdk} = await import('openai');
	return new OpenAiSdk({
		baseURL: endpoint.openAiUrl,
		apiKey: endpoint.apiKey ?? 'none',
		adminAPIKey: null,
		organization: null,
		project: null,
		webhookSecret: null,
		defaultHeaders: endpoint.apiKey === undefined ? {Authorization: null} : {},
		fetch,
		maxRetries: 0,
		timeout: longestTimerMs,
		logLevel: 'off',
	});
}
