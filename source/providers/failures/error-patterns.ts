import {z} from 'zod';
import type {FailureKind} from '../../core/failure.ts';

/** What a server reported about a failure. */
export type FailureFacts = {
	readonly status: number | undefined;
	/** Everything that identifies the error: its `type`, its `code`. */
	readonly words: string;
	/** One line, shortened. */
	readonly message: string;
};

export const noFacts: FailureFacts = {status: undefined, words: '', message: ''};

/** Accepts `{error: {type, code, message}}`, `{error: "text"}`, `{message}` and plain text. */
export function factsOf(payload: unknown, status?: number): FailureFacts {
	const wrapped = errorSchema.safeParse(payload).data?.error;
	const plain = typeof payload === 'string' ? payload : wrapped;
	if (typeof plain === 'string') {
		return {status, words: '', message: oneLine(plain, messageLength)};
	}

	const {data} = detailSchema.safeParse(wrapped ?? payload);
	const words = [data?.type, data?.code, data?.details?.error_code].join(' ');
	return {
		status: status ?? (typeof data?.code === 'number' ? data.code : undefined),
		words: oneLine(words, messageLength),
		message: oneLine(data?.message ?? JSON.stringify(payload) ?? '', messageLength),
	};
}

/** Whether a body declares itself an error, whatever its status. */
export function isErrorBody(payload: unknown): boolean {
	return (errorSchema.safeParse(payload).data?.error ?? undefined) !== undefined;
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

const textOrNumber = z.union([z.string(), z.number()]).nullish().catch(undefined);
const detailSchema = z.object({
	type: textOrNumber,
	code: textOrNumber,
	message: z.string().nullish().catch(undefined),
	details: z.object({error_code: textOrNumber}).nullish().catch(undefined),
});
const errorSchema = z.object({error: z.union([z.string(), detailSchema]).nullish()});

type Rule = readonly [kind: FailureKind, status: RegExp | undefined, text: RegExp | undefined];

const anyOf = (...texts: readonly string[]) => new RegExp(texts.join('|'), 'i');

/**
 * The texts are those that the servers send, measured or found in their sources and issue trackers.
 * Text comes before status if a server uses a wrong status.
 */
const rules: readonly Rule[] = [
	[
		'context-overflow',
		/^413$/,
		anyOf(
			'context_length_exceeded',
			'exceed_context_size',
			'request_too_large',
			'context_window_exceeded',
			'prompt is too long',
			'input is too long',
			'request too large for',
			'reduce the length of the (messages|prompt|input)',
			'exceeds? (the |your )?(available )?context',
			'context (size|length) (has been )?exceeded',
			'maximum context length',
			'(greater|longer) than the context length',
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
			'insufficient_quota',
			'billing_error',
			'enforced_spend_limit',
			'spend_limit_reached',
			'credit balance is too low',
		),
	],
	// Also with status 403, for a project without access.
	['model-missing', undefined, /model_not_found/i],
	['auth', /^40[13]$/, /authentication_error|permission_error|invalid_api_key/i],
	['server-loading', undefined, /loading model|model is loading/i],
	[
		'model-missing',
		undefined,
		/not_found_error.*model|model\b.*(not found|does not exist)|no models loaded|not a valid model/i,
	],
	// OpenRouter, if no server of the model can handle the request.
	['bad-request', undefined, /no endpoints found/i],
	// Not one of the server's paths: another program or a wrong base URL.
	['server-down', /^40[45]$/, /unexpected endpoint/i],
	['rate-limit', /^429$/, /rate_limit/i],
	['overloaded', /^(503|529)$/, /overloaded|server busy|server_is_overloaded/i],
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
		/failed to parse|parse error|unable to generate parser|requires --jinja/i,
	],
	['transient', /^(408|409|5\d\d)$/, /api_error|server_error|internal|timeout/i],
	['bad-request', /^4\d\d$/, /invalid_(request|argument|prompt|image|encrypted)|bad_request/i],
];
