import type Anthropic from '@anthropic-ai/sdk';
import {z} from 'zod';
import {anthropicBody, anthropicInput, everyBreakpoint, requiredFields} from './messages.ts';
import {createAnthropicReader} from './reader.ts';
import {askJson, healthFrom, ifSupported, type Ask} from '../transport/ask.ts';
import {modelListSchema} from '../transport/model-list.ts';
import {
	createConcessions,
	isRefusal,
	optionalFields,
	refusedField,
} from '../transport/concessions.ts';
import {endpointOf, keyHeader, requireKey, type Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import type {
	Provider,
	ProviderError,
	ProviderSettings,
	StreamEvent,
	StreamOptions,
} from '../provider.ts';
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
	const concessions = createConcessions();
	const askApi = <Value>(
		ask: Ask,
		path: string,
		schema: z.ZodType<Value>,
		body?: (leftOut: ReadonlySet<string>) => object,
	) =>
		concessions.ask(
			async () =>
				askOnce(
					{...ask, endpoint: concededEndpoint(ask.endpoint, concessions.made)},
					{path, schema, body: body?.(concessions.made), leftOut: concessions.made},
				),
			refusal => findConcession(refusal, ask.endpoint, []),
		);

	const listModels = async (signal: AbortSignal) => {
		const ask = {fetch, endpoint, signal};
		const listed = await askApi(ask, '/v1/models?limit=1000', modelListSchema);
		return listed.map(({id}) => ({id}));
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
			const {input_tokens: count} = await askApi(ask, countPath, countSchema, leftOut =>
				anthropicInput(request, leftOut),
			);
			return count;
		},
		concessions: () => [...concessions.made],
		stream(request, options) {
			const target = {...endpoint, model: request.model};
			return concessions.stream(
				() => streamMessages(fetch, target, {request, leftOut: concessions.made}, options),
				refusal =>
					findConcession(
						refusal,
						target,
						optionalFields(
							anthropicBody(request, concessions.made, target.request),
							requiredFields,
						),
					),
			);
		},
	};
}

function streamMessages(
	fetch: Fetch,
	given: Endpoint,
	{request, leftOut}: {readonly request: ChatRequest; readonly leftOut: ReadonlySet<string>},
	options: StreamOptions,
): AsyncGenerator<StreamEvent> {
	requireKey(given);
	const endpoint = concededEndpoint(given, leftOut);
	return streamAnswer(
		fetch,
		{
			endpoint,
			open: async watched => {
				const client = await createClient(endpoint, watched);
				// `messages.create` prints warnings about models; the request is the same.
				const body = anthropicBody(request, leftOut, endpoint.request);
				const response = await client
					.post('/v1/messages', {body, stream: true, ...headersFor(leftOut)})
					.asResponse();
				return readEvents(response.body, endpoint, ({type}) => type === 'message');
			},
			reader: createAnthropicReader(request, endpoint),
		},
		options,
	);
}

async function askOnce<Value>(
	ask: Ask,
	{
		path,
		schema,
		body,
		leftOut,
	}: {
		readonly path: string;
		readonly schema: z.ZodType<Value>;
		readonly body: object | undefined;
		readonly leftOut: ReadonlySet<string>;
	},
): Promise<Value> {
	requireKey(ask.endpoint);
	return askJson(ask, schema, async watched => {
		const client = await createClient(ask.endpoint, watched);
		const more = headersFor(leftOut);
		const answer = body === undefined ? client.get(path, more) : client.post(path, {body, ...more});
		return answer.asResponse();
	});
}

/** What gateways to Bedrock, Vertex and other servers refuse. */
function findConcession(
	refusal: ProviderError,
	endpoint: Endpoint,
	optional: readonly string[],
): string | undefined {
	const {kind, message} = refusal;
	if (kind === 'auth') {
		const isOurs = !keyHeader(endpoint) && endpoint.apiKey !== undefined;
		return isOurs && missesKey.test(message) ? bearer : undefined;
	}

	if (!isRefusal(refusal)) {
		return undefined;
	}

	if (/anthropic[-_]version/i.test(message)) {
		return newestVersion;
	}

	if (/cache_control/.test(message)) {
		const isTopLevel =
			optional.includes('cache_control') && !/(system|tools|messages|content)\b/.test(message);
		return isTopLevel ? 'cache_control' : everyBreakpoint;
	}

	return refusedField(message, optional);
}

/** A gateway that looks for the key elsewhere says that there is none. */
const missesKey =
	/(x-api-key|api[ _-]?key).{0,40}(missing|required|not (provided|found|passed|set))|(missing|require[sd]?|no|without|provide)\b.{0,30}(x-api-key|api[ _-]?key)|bearer.{0,30}(not|un)\s?support/i;

const bearer = 'key as a bearer';
const newestVersion = 'newest anthropic-version';

/** Gateways made for the earlier API look for the key in its own header. */
function concededEndpoint(endpoint: Endpoint, leftOut: ReadonlySet<string>): Endpoint {
	const {apiKey, headers} = endpoint;
	return leftOut.has(bearer) && apiKey !== undefined
		? {...endpoint, apiKey: undefined, headers: {...headers, 'x-api-key': apiKey}}
		: endpoint;
}

/** https://platform.claude.com/docs/en/api/versioning */
function headersFor(leftOut: ReadonlySet<string>): {readonly headers?: Record<string, string>} {
	return leftOut.has(newestVersion) ? {headers: {'anthropic-version': '2023-06-01'}} : {};
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
