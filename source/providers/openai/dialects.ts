import type {Json} from '../../core/json.ts';
import type {HttpProviderType} from '../defaults.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import type {ProviderError} from '../provider.ts';

/**
 * How servers of the chat completions protocol differ. What they have in common, as far as it
 * matters here: `tools` and `tool_choice` are sent as requested, though llama-server does not force
 * a call with `required` (measured) and does not accept an object there; `parallel_tool_calls` is
 * never sent, since llama-server ignores it (measured) and several calls per answer are welcome;
 * `strict` is set if the vendor would accept the schema, and ignored by all others.
 */
export type Dialect = {
	readonly type: HttpProviderType;
	readonly maxTokens: 'max_tokens' | 'max_completion_tokens';
	readonly systemRole: 'system' | 'developer';
	/** Whether usage must be, and can be, requested by `stream_options`. */
	readonly streamOptions: boolean;
	/**
	 * `json-schema`: as `response_format`, which llama-server and LM Studio enforce; LM Studio
	 * accepts nothing else. `json-object`: any JSON is enforced, and the schema is in the
	 * instructions.
	 */
	readonly structured: 'json-schema' | 'json-object';
	/** Whether earlier reasoning is sent back, in the field in which it was received. */
	readonly echoesReasoning: boolean;
	/** Fields for this server only. */
	readonly extra: Readonly<Record<string, Json>>;
	/**
	 * Whether `length` before `maxOutputTokens` means that the context is full: llama.cpp does this
	 * (measured); the vendor returns an error instead.
	 */
	readonly lengthMeansFull: boolean;
	/** What to change if the server rejects a request and names the cause. */
	readonly fallbacks: readonly DialectFallback[];
};

type DialectFallback = {readonly named: RegExp; readonly change: Partial<Dialect>};

/** The dialect of an endpoint's server. */
export function dialectOf({type, isVendor}: Endpoint): Dialect {
	switch (type) {
		case 'llama-server':
		case 'lmstudio':
			return {...dialects[type], type};
		default:
			return {...dialects[isVendor ? 'vendor' : 'compatible'], type};
	}
}

/**
 * The dialect in which a rejected request may succeed; `undefined` if the dialect is not the cause.
 */
export function adaptDialect(
	dialect: Dialect,
	{status, message}: ProviderError,
): Dialect | undefined {
	const refused = status === 400 || status === 422;
	const found = refused && dialect.fallbacks.find(({named}) => named.test(message));
	return found
		? {
				...dialect,
				...found.change,
				fallbacks: dialect.fallbacks.filter(concession => concession !== found),
			}
		: undefined;
}

const common: Omit<Dialect, 'type'> = {
	maxTokens: 'max_tokens',
	systemRole: 'system',
	streamOptions: true,
	structured: 'json-schema',
	echoesReasoning: true,
	extra: {},
	lengthMeansFull: true,
	fallbacks: [],
};

const dialects: Readonly<
	Record<'vendor' | 'compatible' | 'lmstudio' | 'llama-server', Omit<Dialect, 'type'>>
> = {
	// The vendor itself has renamed two things; compatible servers have not.
	vendor: {
		...common,
		maxTokens: 'max_completion_tokens',
		systemRole: 'developer',
		lengthMeansFull: false,
	},
	compatible: {
		...common,
		lengthMeansFull: false,
		fallbacks: [
			{named: /max_completion_tokens/, change: {maxTokens: 'max_completion_tokens'}},
			{named: /stream_options/, change: {streamOptions: false}},
			{named: /response_format|json_schema/, change: {structured: 'json-object'}},
			{named: /reasoning(_content)?\b/, change: {echoesReasoning: false}},
		],
	},
	lmstudio: common,
	'llama-server': {...common, extra: {return_progress: true}},
};
