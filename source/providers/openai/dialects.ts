import type {Json} from '../../core/json.ts';
import type {HttpProviderType} from '../defaults.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import type {ProviderError} from '../provider.ts';

/**
 * In what the servers of the chat completions protocol differ. In what they are alike, as far as we
 * can do anything about it: `tools` and `tool_choice` are sent as they are asked for, though
 * llama-server forces no call with `required` (measured) and reads no object there;
 * `parallel_tool_calls` is never sent, since llama-server does not heed it (measured), and several
 * calls of one answer are welcome; `strict` is asked for where the vendor would take the schema, and
 * ignored by all others.
 */
export type Dialect = {
	readonly type: HttpProviderType;
	readonly maxTokens: 'max_tokens' | 'max_completion_tokens';
	readonly systemRole: 'system' | 'developer';
	/** Whether usage has to be, and can be, asked for by `stream_options`. */
	readonly streamOptions: boolean;
	/**
	 * `json-schema`: as `response_format`, which llama-server and LM Studio enforce. LM Studio takes no
	 * other. `json-object`: any JSON is enforced, the schema stands in the instructions.
	 */
	readonly structured: 'json-schema' | 'json-object';
	/** Whether earlier reasoning goes back, in the field in which it came. */
	readonly echoesReasoning: boolean;
	/** Fields of that server only. */
	readonly extra: Readonly<Record<string, Json>>;
	/**
	 * Whether `length` before `maxOutputTokens` means that the context is full: llama.cpp ends so
	 * (measured), the vendor answers with an error instead.
	 */
	readonly lengthMeansFull: boolean;
	/** What to do without, or otherwise, when the server names it in refusing a request. */
	readonly concessions: readonly Concession[];
};

type Concession = {readonly named: RegExp; readonly change: Partial<Dialect>};

/** How the server at an endpoint wants its requests. */
export function dialectOf({type, isVendor}: Endpoint): Dialect {
	switch (type) {
		case 'llama-server':
		case 'lmstudio':
			return {...dialects[type], type};
		default:
			return {...dialects[isVendor ? 'vendor' : 'compatible'], type};
	}
}

/** The dialect in which a refused request may succeed; `undefined` when it is not about that. */
export function concede(dialect: Dialect, {status, message}: ProviderError): Dialect | undefined {
	const refused = status === 400 || status === 422;
	const found = refused && dialect.concessions.find(({named}) => named.test(message));
	return found
		? {
				...dialect,
				...found.change,
				concessions: dialect.concessions.filter(concession => concession !== found),
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
	concessions: [],
};

const dialects: Readonly<
	Record<'vendor' | 'compatible' | 'lmstudio' | 'llama-server', Omit<Dialect, 'type'>>
> = {
	// The vendor itself has renamed two things that the servers which speak its protocol have not.
	vendor: {
		...common,
		maxTokens: 'max_completion_tokens',
		systemRole: 'developer',
		lengthMeansFull: false,
	},
	compatible: {
		...common,
		lengthMeansFull: false,
		concessions: [
			{named: /max_completion_tokens/, change: {maxTokens: 'max_completion_tokens'}},
			{named: /stream_options/, change: {streamOptions: false}},
			{named: /response_format|json_schema/, change: {structured: 'json-object'}},
			{named: /reasoning(_content)?\b/, change: {echoesReasoning: false}},
		],
	},
	lmstudio: common,
	'llama-server': {...common, extra: {return_progress: true}},
};
