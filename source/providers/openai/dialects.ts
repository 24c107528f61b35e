import type {Json} from '../../core/json.ts';
import type {DialectName} from '../../core/settings.ts';
import type {HttpProviderType} from '../defaults.ts';
import type {ProviderError} from '../provider.ts';
import {isRefusal, refusedField} from '../transport/concessions.ts';
import type {Endpoint} from '../transport/endpoint.ts';

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
	/** `user`: instructions stand before the first message of the person. */
	readonly systemRole: 'system' | 'developer' | 'user';
	/**
	 * `json-schema`: as `response_format`, which llama-server and LM Studio enforce; LM Studio
	 * accepts nothing else. `json-object`: any JSON is enforced, and the schema is in the
	 * instructions. `instructions`: nothing is enforced.
	 */
	readonly structured: 'json-schema' | 'json-object' | 'instructions';
	/**
	 * Whether earlier reasoning is sent back, in the field in which it was received. `always`: empty where
	 * there is none, as DeepSeek requires.
	 */
	readonly echoesReasoning: 'never' | 'received' | 'always';
	/** `strict`: all ids of calls have nine letters and digits, as Mistral requires. */
	readonly callIds: 'received' | 'strict';
	/** How many calls a message may have. */
	readonly callsPerMessage: 'one' | 'many';
	/** Whether calls without a signature need the substitute that Gemini documents. */
	readonly signsCalls: boolean;
	/** Optional fields that are left out: of the request, and of messages that are sent back. */
	readonly leftOut: ReadonlySet<string>;
	/** Fields for this server only. */
	readonly extra: Readonly<Record<string, Json>>;
	/**
	 * Whether `length` before `maxOutputTokens` means that the context is full: llama.cpp does this
	 * (measured); the vendor returns an error instead.
	 */
	readonly lengthMeansFull: boolean;
};

/** The dialect of an endpoint's server, after the concessions that it asked for. */
export function dialectOf(
	{type, isVendor, url, model = '', dialect: spoken}: Endpoint,
	concessions: ReadonlySet<string> = new Set(),
): Dialect {
	const kind = type === 'openai' ? (isVendor ? 'vendor' : 'compatible') : type;
	let dialect: Dialect = {
		...common,
		...(kind === 'vendor' || kind === 'compatible' || kind === 'llama-server'
			? differences[kind]
			: {}),
		type,
		...(spoken === undefined ? {} : spokenDialects[spoken]),
		callIds:
			spoken === 'mistral' || mistralModels.test(model) || url.endsWith('mistral.ai')
				? 'strict'
				: 'received',
		signsCalls: geminiModels.test(model) || (spoken === 'gemini' && !withoutSignatures.test(model)),
		leftOut: concessions,
	};
	for (const {name, change} of changes) {
		dialect = concessions.has(name) ? {...dialect, ...change} : dialect;
	}

	return dialect;
}

/**
 * What to concede after a refusal; `undefined` if it is about something else. `optional`: fields of the
 * request, and of its messages, that the server may do without.
 */
export function findChatConcession(
	error: ProviderError,
	made: ReadonlySet<string>,
	optional: Iterable<string>,
): string | undefined {
	const {message} = error;
	// llama-server reports what its template refuses with status 500.
	const byTemplate = error.status === 500;
	if (!isRefusal(error) && !byTemplate) {
		return undefined;
	}

	const change = changes.find(
		({name, refusal, template = false}) =>
			!made.has(name) && (template || !byTemplate) && refusal.test(message),
	);
	if (change) {
		return change.name;
	}

	return byTemplate
		? undefined
		: refusedField(
				message,
				[...optional].filter(name => !made.has(name)),
			);
}

type Change = {
	/** As shown to people. */
	readonly name: string;
	readonly refusal: RegExp;
	readonly change: Partial<Dialect>;
	/** Whether a chat template may refuse it too. */
	readonly template?: true;
};

/** In this order: what is given up first comes first. */
const changes: readonly Change[] = [
	{
		name: 'max_tokens',
		refusal: /max_completion_tokens/,
		change: {maxTokens: 'max_completion_tokens'},
	},
	{name: 'stream_options', refusal: /stream_options/, change: {}},
	{
		name: 'schema of response_format',
		refusal: /response_format|json_schema/,
		change: {structured: 'json-object'},
	},
	{
		name: 'response_format',
		refusal: /response_format|json_object/,
		change: {structured: 'instructions'},
	},
	{
		name: 'role developer',
		refusal: /role.{0,40}\bdeveloper\b|\bdeveloper\b.{0,40}(role|message)|["'`]developer["'`]/i,
		change: {systemRole: 'system'},
		template: true,
	},
	{
		name: 'role system',
		refusal: /system role|system (message|prompt)s? (is|are) not|role.{0,20}\bsystem\b/i,
		change: {systemRole: 'user'},
		template: true,
	},
	{
		// https://api-docs.deepseek.com/guides/thinking_mode
		name: 'messages without reasoning_content',
		refusal:
			/reasoning_content.*(must be passed|passed back|required|missing|expected)|missing.*reasoning_content/i,
		change: {echoesReasoning: 'always'},
	},
	{
		name: 'reasoning of earlier messages',
		refusal: /\breasoning(_content)?\b/,
		change: {echoesReasoning: 'never'},
	},
	{
		name: 'ids of calls',
		refusal: /call.{0,10} ids?\b.*(length|alphanumeric|characters|a-z)/i,
		change: {callIds: 'strict'},
		template: true,
	},
	{
		name: 'several calls in one message',
		refusal: /single tool[- ]?calls?|one tool[- ]?call/i,
		change: {callsPerMessage: 'one'},
		template: true,
	},
	{
		// https://ai.google.dev/gemini-api/docs/thought-signatures
		name: 'calls without thought_signature',
		refusal: /missing a `?thought_signature/,
		change: {signsCalls: true},
	},
];

const common: Omit<Dialect, 'type' | 'callIds' | 'signsCalls' | 'leftOut'> = {
	maxTokens: 'max_tokens',
	systemRole: 'system',
	structured: 'json-schema',
	echoesReasoning: 'received',
	callsPerMessage: 'many',
	extra: {},
	lengthMeansFull: true,
};

const differences: Readonly<Record<'vendor' | 'compatible' | 'llama-server', Partial<Dialect>>> = {
	// The vendor itself has renamed two things; compatible servers have not.
	vendor: {maxTokens: 'max_completion_tokens', systemRole: 'developer', lengthMeansFull: false},
	compatible: {lengthMeansFull: false},
	'llama-server': {extra: {return_progress: true}},
};

/** What a server is said to speak, beside what the name of a model tells. */
const spokenDialects: Readonly<Record<DialectName, Partial<Dialect>>> = {
	// Behind a gateway, the vendor's models refuse `max_tokens`; roles are translated there.
	openai: {maxTokens: 'max_completion_tokens'},
	// https://api-docs.deepseek.com/guides/thinking_mode and /guides/json_mode
	deepseek: {echoesReasoning: 'always', structured: 'json-object'},
	mistral: {},
	gemini: {},
};

const mistralModels = /(^|\/|-)(mistral|ministral|mixtral|codestral|devstral|magistral)/i;

/** Gemini 3 and later reject a call without the signature of the thought behind it. */
const geminiModels = /\bgemini-([3-9]|\d\d)/i;

/** Other models of the same API, known by their names. */
const withoutSignatures = /\b(gemini-[12]\b|gemma)/i;
