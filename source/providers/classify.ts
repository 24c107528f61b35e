import {z} from 'zod';
import type {FailureKind} from '../core/failure.ts';
import {parseJson} from '../core/json.ts';
import {providerDefaults, retiredModelHint} from './defaults.ts';
import type {Endpoint} from './endpoint.ts';
import {ProviderError} from './provider.ts';
import {retryAfterMs} from './retry-after.ts';

/** The failure that an answer with an error status stands for. */
export function classifyResponse(
	endpoint: Endpoint,
	answer: {readonly status: number; readonly headers: Headers; readonly body: string},
): ProviderError {
	const {status, headers, body} = answer;
	const facts = factsOf(isHtml(body) ? 'an HTML page' : (parseJson(body) ?? body), status);
	const kind =
		status === 429 && headers.get('x-should-retry') === 'false' ? 'quota' : kindOf(facts);
	return failure(endpoint, kind, facts, {status, retryAfterMs: retryAfterMs(headers)});
}

/** The failure that a 200 stands for whose body is not what the protocol says. */
export function classifyOddBody(endpoint: Endpoint, body: string): ProviderError {
	const parsed = parseJson(body);
	if (errorSchema.safeParse(parsed).data?.error !== undefined) {
		return classifyErrorEvent(endpoint, parsed);
	}

	const detail = isHtml(body)
		? 'it sent an HTML page'
		: `it sent ${JSON.stringify(clip(body, 80))}`;
	return oddAnswer(endpoint, detail);
}

/** The failure that an error event inside a stream stands for: it has a type but no status. */
export function classifyErrorEvent(endpoint: Endpoint, payload: unknown): ProviderError {
	const facts = factsOf(payload);
	return failure(endpoint, kindOf(facts), facts);
}

/** The failure behind anything that was thrown while a request was under way. */
export function classifyThrown(endpoint: Endpoint, error: unknown): ProviderError {
	const chain = chainOf(error);
	const known = chain.find(link => link instanceof ProviderError);
	if (known !== undefined) {
		return known;
	}

	const codes = chain.map(codeOf).filter(code => code !== undefined);
	const facts = {...noFacts, message: codes[0] ?? chain.at(-1)?.message ?? String(error)};
	if (codes.some(code => /^(ECONNREFUSED|ENOTFOUND)$/.test(code))) {
		return failure(endpoint, 'server-down', facts, {cause: error});
	}

	if (codes.some(code => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/.test(code))) {
		const hint =
			'check http or https in the base URL, or trust its certificate: NODE_EXTRA_CA_CERTS';
		return failure(endpoint, 'bad-request', facts, {cause: error, hint});
	}

	// The ollama package's words for a stream without its end mark.
	if (chain.some(link => link.message.startsWith('Did not receive done'))) {
		return failure(endpoint, 'stream-truncated', facts, {cause: error});
	}

	const fromNetwork =
		codes.length > 0 || chain.some(link => /fetch failed|terminated|Connection/.test(link.message));
	return failure(endpoint, fromNetwork ? 'transient' : 'internal', facts, {cause: error});
}

/** A 200 that no server of this protocol sends: somebody else answers at this address. */
export function oddAnswer(endpoint: Endpoint, detail: string): ProviderError {
	return failure(
		endpoint,
		'bad-request',
		{...noFacts, message: detail},
		{hint: 'check the base URL'},
	);
}

/** A failure that we see ourselves, in the words of all others. */
export function failureAt(endpoint: Endpoint, kind: FailureKind, detail = ''): ProviderError {
	return failure(endpoint, kind, {...noFacts, message: detail});
}

type Facts = {
	readonly status: number | undefined;
	/** All that a server said in place of a type: its `type`, its `code`. */
	readonly words: string;
	readonly message: string;
};

const noFacts: Facts = {status: undefined, words: '', message: ''};

const textOrNumber = z.union([z.string(), z.number()]).nullish().catch(undefined);
const detailSchema = z.object({
	type: textOrNumber,
	code: textOrNumber,
	message: z.string().nullish().catch(undefined),
	details: z.object({error_code: textOrNumber}).nullish().catch(undefined),
});
const errorSchema = z.object({error: z.union([z.string(), detailSchema]).nullish()});

/** The shapes `{error: {type, code, message}}`, `{error: "text"}`, `{message}` and plain text. */
function factsOf(payload: unknown, status?: number): Facts {
	const wrapped = errorSchema.safeParse(payload).data?.error;
	const plain = typeof payload === 'string' ? payload : wrapped;
	if (typeof plain === 'string') {
		return {status, words: '', message: plain};
	}

	const {data} = detailSchema.safeParse(wrapped ?? payload);
	return {
		status: status ?? (typeof data?.code === 'number' ? data.code : undefined),
		words: [data?.type, data?.code, data?.details?.error_code].join(' '),
		message: data?.message ?? JSON.stringify(payload) ?? '',
	};
}

type Rule = readonly [kind: FailureKind, status: RegExp | undefined, text: RegExp | undefined];

/**
 * The first rule of which status or text fits decides. The texts are those that the servers send,
 * measured or read in their source; text goes before status where a server uses a wrong one.
 */
const rules: readonly Rule[] = [
	[
		'context-overflow',
		/^413$/,
		/context_length_exceeded|exceed_context_size|request_too_large|prompt is too long|context_window_exceeded|exceeds? the (available )?context|maximum context length|(greater|longer) than the context length|Trying to keep the first/i,
	],
	[
		'quota',
		/^402$/,
		/insufficient_quota|billing_error|enforced_spend_limit|spend_limit_reached|credit balance is too low/i,
	],
	['auth', /^40[13]$/, /authentication_error|permission_error|invalid_api_key/i],
	['server-loading', undefined, /loading model|model is loading/i],
	[
		'model-missing',
		undefined,
		/model_not_found|not_found_error.*model|model\b.*(not found|does not exist)|no models loaded/i,
	],
	['rate-limit', /^429$/, /rate_limit/i],
	['overloaded', /^(503|529)$/, /overloaded|server busy|server_is_overloaded/i],
	['content-filtered', undefined, /content_filter|content_policy|safety_violation/i],
	['transient', undefined, /does not match the expected/i],
	// llama-server reports requests that can never work with status 500.
	['bad-request', undefined, /failed to parse|parse error|unable to generate parser/i],
	['transient', /^(408|409|5\d\d)$/, /api_error|server_error|internal|timeout/i],
	['bad-request', /^4\d\d$/, /invalid_request|invalid_argument|bad_request|unexpected endpoint/i],
];

function kindOf({status, words, message}: Facts): FailureKind {
	const code = status === undefined ? '' : String(status);
	const text = `${words} ${message}`;
	const fits = ([, byStatus, byText]: Rule) =>
		byStatus?.test(code) === true || byText?.test(text) === true;
	return rules.find(fits)?.[0] ?? 'transient';
}

function failure(
	endpoint: Endpoint,
	kind: FailureKind,
	facts: Facts,
	more: {status?: number; retryAfterMs?: number | undefined; cause?: unknown; hint?: string} = {},
): ProviderError {
	const {name} = providerDefaults[endpoint.type];
	const model = endpoint.model === undefined ? '' : ` (model ${endpoint.model})`;
	const status = more.status === undefined ? '' : ` with status ${more.status}`;
	const detail = withoutSecrets(endpoint, clip(facts.message, 500));
	const message = `${name} at ${endpoint.url}${model} ${verdicts[kind] ?? 'failed'}${status}`;
	const {hint = hintFor(endpoint, kind, facts.message), ...rest} = more;
	return new ProviderError(kind, detail === '' ? `${message}.` : `${message}: ${detail}`, {
		...rest,
		hint,
	});
}

const verdicts: Partial<Record<FailureKind, string>> = {
	auth: 'refused the key',
	quota: 'has nothing left for this key',
	'model-missing': 'does not serve the model',
	'server-down': 'cannot be reached',
	'server-loading': 'is still loading',
	'rate-limit': 'asked to slow down',
	overloaded: 'is overloaded',
	'context-overflow': 'cannot take a request of this length',
	'content-filtered': 'filtered the content',
	'bad-request': 'cannot answer this request',
	'empty-answer': 'gave an empty answer',
	'stream-truncated': 'stopped in the middle of its answer',
	stalled: 'fell silent',
	cancelled: 'was not waited for any longer',
};

function hintFor(endpoint: Endpoint, kind: FailureKind, text: string): string | undefined {
	const {type, model} = endpoint;
	const {keyVariable, startHint} = providerDefaults[type];
	switch (kind) {
		case 'auth':
			return endpoint.apiKey === undefined ? `set ${keyVariable}` : `check ${keyVariable}`;
		case 'quota':
			return `check plan and billing of the account behind ${keyVariable}`;
		case 'server-down':
			return startHint;
		case 'model-missing':
			return modelHint(endpoint);
		case 'bad-request':
			return /support tools/i.test(text)
				? `choose a model that can call tools, not ${model}`
				: undefined;
		default:
			return undefined;
	}
}

function modelHint({type, model = '<model>'}: Endpoint): string {
	switch (type) {
		case 'ollama':
			return `run: ollama pull ${model}`;
		case 'lmstudio':
			return `run: lms load ${model}`;
		case 'llama-server':
			return `start llama-server with ${model}`;
		default:
			return (
				retiredModelHint(model) ??
				`see the models it serves: llm-orchestrator test-provider ${type}`
			);
	}
}

/** An error, its causes and the errors it bundles: Node tries both addresses of `localhost`. */
function chainOf(error: unknown): readonly Error[] {
	if (!(error instanceof Error)) {
		return [];
	}

	const bundled: unknown[] = error instanceof AggregateError ? error.errors : [];
	return [error, ...[error.cause, ...bundled].flatMap(chainOf)];
}

function codeOf(error: Error): string | undefined {
	return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isHtml(body: string): boolean {
	return /^\s*<(!doctype|html|head|body)/i.test(body);
}

/** One line without control characters. */
function clip(text: string, length: number): string {
	const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
	return line.length > length ? `${line.slice(0, length)}…` : line;
}

function withoutSecrets({apiKey}: Endpoint, text: string): string {
	const known = apiKey === undefined ? text : text.replaceAll(apiKey, '[key]');
	return known.replace(/\b(sk-|Bearer )[\w*.-]{6,}/g, '[key]');
}
