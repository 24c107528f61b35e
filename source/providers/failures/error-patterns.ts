import {z} from 'zod';
import {parseJson} from '../../core/json.ts';
import {tokenLimitsIn} from './token-limits.ts';
import type {FailureKind, TokenLimits} from '../../core/failure.ts';

/** What a server reported about a failure. */
export type FailureFacts = {
	readonly status: number | undefined;
	/** Everything that identifies the error: its `type`, its `code`. */
	readonly words: string;
	/** One line, shortened. */
	readonly message: string;
	/** What the model said, if the server could not make a call of it (Groq). */
	readonly generated?: string | undefined;
	readonly limits?: TokenLimits | undefined;
};

export const noFacts: FailureFacts = {status: undefined, words: '', message: ''};

/**
 * Reads the forms of errors: `{error: {type, code, message}}`, `{error: "text"}`, a list of them (Gemini),
 * `{message}`, `{msg}`, `{detail}` (FastAPI, vLLM), `{errors: […]}`, and plain text. OpenRouter has the text
 * of the server behind it in `metadata.raw`.
 */
export function factsOf(payload: unknown, status?: number): FailureFacts {
	const inner = innermost(payload);
	if (typeof inner === 'string') {
		return {
			status,
			words: '',
			message: oneLine(inner, messageLength),
			limits: tokenLimitsIn(inner.slice(0, maxSearched)),
		};
	}

	const {data} = detailSchema.safeParse(inner);
	const behind = data?.metadata?.raw ?? undefined;
	const below = behind === undefined ? undefined : factsOf(parseJson(behind) ?? behind);
	const words = [data?.type, data?.code, data?.status, data?.details?.error_code, below?.words];
	const said = data?.message ?? data?.msg ?? JSON.stringify(payload) ?? '';
	return {
		status: status ?? (typeof data?.code === 'number' ? data.code : undefined),
		words: oneLine(words.join(' '), messageLength),
		message: oneLine(
			below === undefined || said.includes(below.message) ? said : `${said}: ${below.message}`,
			messageLength,
		),
		...(data?.failed_generation ? {generated: data.failed_generation} : {}),
		limits: tokenLimitsIn((JSON.stringify(payload) ?? '').slice(0, maxSearched)),
	};
}

/** The part of an error that describes it. */
function innermost(payload: unknown): unknown {
	const [first] = Array.isArray(payload) ? payload : [payload];
	const {data} = errorSchema.safeParse(first);
	const next = data?.error ?? data?.detail ?? data?.errors?.[0];
	return next === undefined || next === null ? first : Array.isArray(next) ? next[0] : next;
}

/** Whether a body declares itself an error, whatever its status. */
export function isErrorBody(payload: unknown): boolean {
	const [first] = Array.isArray(payload) ? payload : [payload];
	const {data} = errorSchema.safeParse(first);
	return (data?.error ?? data?.detail ?? undefined) !== undefined || data?.object === 'error';
}

/** The first rule with a matching status or text decides; an unknown failure is transient. */
export function kindOf({status, words, message}: FailureFacts): FailureKind {
	const code = status === undefined ? '' : String(status);
	const text = `${words} ${message}`;
	const fits = ([, byStatus, byText]: Rule) =>
		byStatus?.test(code) === true || byText?.test(text) === true;
	return rules.find(fits)?.[0] ?? 'transient';
}

/** One line without control characters. */
export function oneLine(text: string, length: number): string {
	const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
	return line.length > length ? `${line.slice(0, length)}…` : line;
}

/** The rest of a message is neither shown nor searched. */
const messageLength = 2000;
const maxSearched = 4000;

const textOrNumber = z.union([z.string(), z.number()]).nullish().catch(undefined);
const text = z.string().nullish().catch(undefined);
const detailSchema = z.object({
	type: textOrNumber,
	code: textOrNumber,
	status: textOrNumber,
	message: text,
	msg: text,
	failed_generation: text,
	details: z.object({error_code: textOrNumber}).nullish().catch(undefined),
	metadata: z.object({raw: text}).nullish().catch(undefined),
});
const errorSchema = z.object({
	object: text,
	error: z.unknown().optional(),
	detail: z.unknown().optional(),
	errors: z.array(z.unknown()).nullish().catch(undefined),
});

type Rule = readonly [kind: FailureKind, status: RegExp | undefined, text: RegExp | undefined];

const anyOf = (...texts: readonly string[]) => new RegExp(texts.join('|'), 'i');

/**
 * The texts are those that the servers send, measured or found in their sources and issue trackers.
 * Text comes before status if a server uses a wrong status.
 */
const rules: readonly Rule[] = [
	['rate-limit', undefined, /^(?!.*request too large).*(\btokens per (min|minute|day)\b|\bTPM\b)/i],
	[
		'context-overflow',
		/^413$/,
		anyOf(
			'context_length_exceeded',
			'exceed_context_size',
			'request_too_large',
			'context_window_exceeded',
			'max_prompt_tokens_exceeded',
			'string_above_max_length',
			'(prompt|input|request|conversation) is too (long|large)',
			'request too large for',
			'prompt exceeds max length',
			'too many tokens',
			'reduce the length of (the|your) (messages|prompt|input)',
			'exceeds? (the |your )?(available |model.s )?context',
			'(token|prompt|input|message)s?\\b[^.]{0,60}\\bexceeds?\\b[^.]{0,60}\\b(maximum|limit|context|allowed)',
			'context (size|length|window|limit) (has been |is )?(exceeded|exceeds|too small)',
			'context window exceeds limit',
			'maximum (context|prompt|input|sequence) length',
			'(greater|longer|larger) than the (maximum |model.s )?(context|model) length',
			'longer than the maximum',
			'too large for model with',
			'exceeded model token limit',
			'range of input length should be',
			'inputs. (tokens|must have less than)',
			'not enough (room|space|context)',
			// z.ai.
			'\\b1261\\b',
			// LM Studio.
			'Trying to keep the first',
			// Ollama after dropping the start of a conversation.
			'no user query found in messages',
		),
	],
	[
		'quota',
		/^402$/,
		anyOf(
			'insufficient[ _](quota|balance|credit|funds)',
			'billing_error',
			'billing[ _](hard[ _])?limit',
			'enforced_spend_limit',
			'spend_limit_reached',
			'(credit|account|your) balance',
			'out of credits?',
			'(no|not enough|used all|exhausted|purchase|add)( \\w+){0,5} credits?',
			'exceeded[ _](your )?current[ _]quota',
			'quota (has been )?(exceeded|exhausted)',
			'arrearage',
			'overdue payment',
			'in arrears',
			'please recharge',
			'余额不足',
			// z.ai.
			'\\b1113\\b',
		),
	],
	// The model printed a call that the server could not read (Groq), or JSON that does not fit.
	[
		'bad-call',
		undefined,
		/tool_use_failed|tool call validation failed|failed to call a function|json_validate_failed|failed to (generate|validate) json/i,
	],
	// The server can run the model no further: another try needs another model, or more memory.
	[
		'model-missing',
		undefined,
		/requires more system memory|organization must be verified|not enough (gpu |system )?memory|insufficient memory|unable to load model/i,
	],
	// Also with status 403, for a project without access.
	['model-missing', undefined, /model_not_found/i],
	[
		'auth',
		/^40[13]$/,
		/authentication_error|permission_error|invalid_api_key|(api|access|secret)[ _-]?key\b[^.]{0,30}\b(not valid|invalid|incorrect|missing|expired|required)|(invalid|incorrect|missing|no|wrong|expired) (api|access)[ _-]?key|API_KEY_INVALID|unauthenticated/i,
	],
	['server-loading', undefined, /loading model|model is (currently )?loading/i],
	[
		'model-missing',
		undefined,
		/not_found_error.*model|model\b.*(not found|does not exist)|no models loaded|not a valid model|unknown model|invalid model/i,
	],
	// OpenRouter, if no server of the model can handle the request.
	['bad-request', undefined, /no endpoints found/i],
	// Not one of the server's paths: another program or a wrong base URL.
	['server-down', /^40[45]$/, /unexpected endpoint/i],
	['rate-limit', /^429$/, /rate_limit|rate limit/i],
	[
		'overloaded',
		/^(503|529)$/,
		/overloaded|server (is )?busy|server_is_overloaded|capacity (exceeded|reached)|no capacity/i,
	],
	[
		'content-filtered',
		undefined,
		/content_filter|content_policy|safety_violation|bio_policy|policy_violation|usage polic/i,
	],
	// A model of llama-server that broke its own format may get it right next time.
	['transient', undefined, /does not match the expected/i],
	// llama-server reports impossible requests with status 500.
	[
		'bad-request',
		undefined,
		/failed to parse|parse error|unable to generate parser|requires --jinja|does not support tools/i,
	],
	['transient', /^(408|409|5\d\d)$/, /api_error|server_error|internal|timeout/i],
	['bad-request', /^4\d\d$/, /invalid_(request|argument|prompt|image|encrypted)|bad_request/i],
];

/** Whether a server says that it cannot pass tools on to the model; they can still be described. */
export function refusesTools({message}: Pick<FailureFacts, 'message'>): boolean {
	return /enable-auto-tool-choice|tool-call-parser|requires --jinja|does not support (tool|function)|(tool|function)s?( use| calls?| calling)? (is|are) not supported|endpoints found that support tool use|unable to generate parser for this template/i.test(
		message,
	);
}
