import type Anthropic from '@anthropic-ai/sdk';
import {z} from 'zod';
import {anthropicBody, anthropicInput} from './messages.ts';
import {createAnthropicReader} from './reader.ts';
import {askJson, healthFrom, ifSupported, modelListSchema, type Ask} from '../transport/ask.ts';
import {endpointOf, requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import type {Provider, ProviderSettings, StreamEvent, StreamOptions} from '../provider.ts';
import {streamAnswer} from '../transport/stream.ts';
import {maxTimerMs} from '../transport/request-watch.ts';
import {readEvents} from '../transport/wire.ts';
import type {ChatRequest} from '../../core/chat.ts';

/** Anthropic, or with another base URL any service that supports its Messages API. */
export function createAnthropicProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);

	const listModels = async (signal: AbortSignal) => {
		const ask = {fetch, endpoint, signal};
		const {data} = await askApi(ask, '/v1/models?limit=1000', modelListSchema);
		return data.map(({id}) => ({id}));
	};

	return {
		type: 'anthropic',
		endpoint: endpoint.url,
		health: async ({signal}) => healthFrom(listModels(signal).then(() => undefined)),
		models: async ({signal}) => listModels(signal),
		async capabilities(model, {signal}) {
			const ask = {fetch, endpoint: {...endpoint, model}, signal};
			const path = `/v1/models/${encodeURIComponent(model)}`;
			const info = await ifSupported(askApi(ask, path, modelSchema));
			return {
				tools: 'native',
				structuredOutput: 'enforced',
				contextTokens: info?.max_input_tokens ?? null,
				maxOutputTokens: info?.max_tokens ?? null,
				parallelCalls: null,
			};
		},
		async countTokens(request, {signal}) {
			const ask = {fetch, endpoint: {...endpoint, model: request.model}, signal};
			const body = anthropicInput(request);
			const {input_tokens: count} = await askApi(ask, countPath, countSchema, body);
			return count;
		},
		stream: (request, options) =>
			streamMessages(fetch, {...endpoint, model: request.model}, request, options),
	};
}

async function* streamMessages(
	fetch: Fetch,
	endpoint: Endpoint,
	request: ChatRequest,
	options: StreamOptions,
): AsyncGenerator<StreamEvent> {
	requireKey(endpoint);
	yield* streamAnswer(
		fetch,
		{
			endpoint,
			bodyType: 'event-stream',
			open: async watched => {
				const client = await createClient(endpoint, watched);
				// `messages.create` prints warnings about models; the request is the same.
				const body = anthropicBody(request);
				const response = await client.post('/v1/messages', {body, stream: true}).asResponse();
				return readEvents(response.body, endpoint);
			},
			reader: createAnthropicReader(request, endpoint),
		},
		options,
	);
}

async function askApi<Value>(
	ask: Ask,
	path: string,
	schema: z.ZodType<Value>,
	body?: object,
): Promise<Value> {
	requireKey(ask.endpoint);
	return askJson(ask, schema, async watched => {
		const client = await createClient(ask.endpoint, watched);
		const answer = body === undefined ? client.get(path) : client.post(path, {body});
		return answer.asResponse();
	});
}

/**
 * The SDK with everything disabled that it would do, or take from a login, by itself. The watched
 * `fetch` adds key and headers.
 */
async function createClient(endpoint: Endpoint, fetch: Fetch): Promise<Anthropic> {
	const {default: AnthropicSdk} = await import('@anthropic-ai/sdk');
	return new AnthropicSdk({
		baseURL: endpoint.url,
		apiKey: 'unused',
		webhookKey: null,
		fetch,
		maxRetries: 0,
		timeout: maxTimerMs,
		logLevel: 'off',
		openTelemetry: false,
	});
}

const countPath = '/v1/messages/count_tokens';
const countSchema = z.object({input_tokens: z.number()});

const modelSchema = z.object({
	max_input_tokens: z.number().nullish(),
	max_tokens: z.number().nullish(),
});
