import type {FailureKind} from '../../core/failure.ts';
import {parseJson} from '../../core/json.ts';
import {providerDefaults} from '../defaults.ts';
import {sourceOf, type Endpoint} from '../transport/endpoint.ts';
import {hintFor} from './hints.ts';
import {factsOf, kindOf, noFacts, oneLine, saysError, type FailureFacts} from './rules.ts';
import {ProviderError} from '../provider.ts';
import {retryAfterMs} from '../transport/retry-after.ts';

/** The failure that an answer with an error status stands for. */
export function classifyResponse(
	endpoint: Endpoint,
	answer: {readonly status: number; readonly headers: Headers; readonly body: string},
): ProviderError {
	const {status, headers, body} = answer;
	if (status >= 300 && status < 400) {
		return redirected(endpoint, status, headers.get('location') ?? '');
	}

	if (isHtml(body) && status < 500 && !askedLess.has(status)) {
		return stranger(endpoint, status, 'it sent an HTML page');
	}

	const said = isHtml(body) ? 'an HTML page' : withoutSecrets(endpoint, body);
	const facts = factsOf(parseJson(said) ?? said, status);
	const kind =
		status === 429 && headers.get('x-should-retry') === 'false' ? 'quota' : kindOf(facts);
	return kind === 'server-down'
		? stranger(endpoint, status, facts.message)
		: failure(endpoint, kind, facts, {status, retryAfterMs: retryAfterMs(headers)});
}

/** What a gateway before the right server says in HTML as well. */
const askedLess: ReadonlySet<number> = new Set([401, 403, 408, 413, 429]);

/** Redirects are not followed: the address is what a person trusts with the key. */
function redirected(endpoint: Endpoint, status: number, location: string): ProviderError {
	const target = URL.parse(location, endpoint.url);
	return target
		? stranger(
				endpoint,
				status,
				`it redirects to ${target.origin}`,
				`if you trust it, make ${target.origin} the base URL`,
			)
		: stranger(endpoint, status, 'it redirects');
}

/** The failure that a 200 stands for whose body is not what the protocol says. */
export function classifyOddBody(endpoint: Endpoint, body: string): ProviderError {
	const parsed = parseJson(body);
	if (saysError(parsed) || kindOf(factsOf(parsed)) === 'context-overflow') {
		return classifyErrorEvent(endpoint, parsed);
	}

	if (parsed === undefined && /^\s*[[{]/.test(body)) {
		return failureAt(endpoint, 'transient', 'its answer ended too early');
	}

	const detail = isHtml(body)
		? 'it sent an HTML page'
		: `it sent ${JSON.stringify(oneLine(withoutSecrets(endpoint, body.slice(0, 4_000)), 80))}`;
	return stranger(endpoint, 200, detail);
}

/** The failure that an error event inside a stream stands for: it has a type but no status. */
export function classifyErrorEvent(endpoint: Endpoint, payload: unknown): ProviderError {
	const facts = factsOf(payload);
	const kind = kindOf(facts);
	return kind === 'server-down'
		? stranger(endpoint, 200, facts.message)
		: failure(endpoint, kind, facts);
}

/** The failure behind anything that was thrown while a request was under way. */
export function classifyThrown(endpoint: Endpoint, error: unknown): ProviderError {
	const chain = chainOf(error);
	const known = chain.find(link => link instanceof ProviderError);
	if (known !== undefined) {
		return known;
	}

	const codes = chain.map(codeOf).filter(code => code !== undefined);
	const [code] = codes;
	const words = code === undefined ? undefined : wordsOfCodes[code];
	const thrown = code ?? chain.at(-1)?.message ?? String(error);
	const facts = {...noFacts, message: words === undefined ? thrown : `${words} (${thrown})`};
	if (codes.includes('ECONNREFUSED')) {
		return failure(endpoint, 'server-down', facts, {cause: error});
	}

	if (codes.includes('ENOTFOUND')) {
		const hint = `check the base URL${sourceOf(endpoint)} and the network: no host of that name is known`;
		return failure(endpoint, 'server-down', facts, {cause: error, hint});
	}

	if (codes.some(code => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/.test(code))) {
		const hint = `check http or https in the base URL${sourceOf(endpoint)}, or trust its certificate: NODE_EXTRA_CA_CERTS`;
		return failure(endpoint, 'server-down', facts, {cause: error, hint});
	}

	// `fetch` keeps away from the ports of other services: https://fetch.spec.whatwg.org/#bad-port
	if (chain.some(link => link.message === 'bad port')) {
		const hint = 'choose another port for the server: this one belongs to another service';
		return failure(endpoint, 'server-down', facts, {cause: error, hint});
	}

	// The ollama package's words for a stream without its end mark.
	if (chain.some(link => link.message.startsWith('Did not receive done'))) {
		return failure(endpoint, 'stream-truncated', facts, {cause: error});
	}

	const fromNetwork =
		codes.length > 0 || chain.some(link => /fetch failed|terminated|Connection/.test(link.message));
	return failure(endpoint, fromNetwork ? 'transient' : 'internal', facts, {cause: error});
}

/** What the system and undici call the ends of connections. */
const wordsOfCodes: Readonly<Record<string, string>> = {
	EAI_AGAIN: 'names cannot be looked up now',
	ECONNRESET: 'the connection was reset',
	EHOSTUNREACH: 'there is no way to that host',
	ENETUNREACH: 'there is no way to that network',
	EPIPE: 'the connection was closed',
	ETIMEDOUT: 'no answer to the connection in time',
	UND_ERR_CONNECT_TIMEOUT: 'no answer to the connection in time',
	UND_ERR_SOCKET: 'the connection was closed',
};

/** An answer that no server of this protocol gives: somebody else is at this address. */
function stranger(
	endpoint: Endpoint,
	status: number,
	message: string,
	hint = `check the base URL${sourceOf(endpoint)}`,
): ProviderError {
	const verdict = 'answers like another program';
	return failure(endpoint, 'server-down', {...noFacts, message}, {status, hint, verdict});
}

/** Whether a failure says that another program has the address. */
export function isStranger(error: unknown): boolean {
	return (
		error instanceof ProviderError && error.kind === 'server-down' && error.status !== undefined
	);
}

/** A failure that we see ourselves, in the words of all others. */
export function failureAt(endpoint: Endpoint, kind: FailureKind, detail = ''): ProviderError {
	return failure(endpoint, kind, {...noFacts, message: detail});
}

function failure(
	endpoint: Endpoint,
	kind: FailureKind,
	facts: FailureFacts,
	more: {
		status?: number;
		retryAfterMs?: number | undefined;
		cause?: unknown;
		hint?: string;
		verdict?: string;
	} = {},
): ProviderError {
	const {name} = providerDefaults[endpoint.type];
	const model = endpoint.model === undefined ? '' : ` (model ${endpoint.model})`;
	const status = more.status === undefined ? '' : ` with status ${more.status}`;
	const {
		hint = hintFor(endpoint, kind, facts.message),
		verdict = verdicts[kind] ?? 'failed',
		...rest
	} = more;
	const detail = oneLine(withoutSecrets(endpoint, facts.message), 500);
	const message = `${name} at ${endpoint.url}${model} ${verdict}${status}`;
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
	'output-cut': 'gave a longer answer than one can be',
	'bad-call': 'called tools without end',
	'content-filtered': 'filtered the content',
	'bad-request': 'cannot answer this request',
	'empty-answer': 'gave an empty answer',
	'stream-truncated': 'stopped in the middle of its answer',
	stalled: 'fell silent',
	cancelled: 'was not waited for any longer',
};

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

/** What is shorter is a setting, not a secret. */
const secretLength = 6;

/** Without key and headers: the whole value of each, and each word of it (`Bearer …`). */
function withoutSecrets({apiKey = '', headers}: Endpoint, text: string): string {
	const values = [apiKey, ...Object.values(headers)];
	const secrets = values
		.flatMap(value => [value, ...value.split(/\s+/)])
		.filter(secret => secret.length >= secretLength)
		.sort((a, b) => b.length - a.length);
	return secrets
		.reduce((rest, secret) => withoutStart(rest.replaceAll(secret, '[key]'), secret), text)
		.replace(/\b(sk-|Bearer )[\w*.-]{6,}/g, '[key]');
}

/** Without the beginning of a secret at the end of a text that was shortened. */
function withoutStart(text: string, secret: string): string {
	const end = /…?$/.exec(text)?.[0] ?? '';
	const whole = text.slice(0, text.length - end.length);
	for (let length = secret.length - 1; length >= secretLength; length--) {
		if (whole.endsWith(secret.slice(0, length))) {
			return `${whole.slice(0, -length)}[key]${end}`;
		}
	}

	return text;
}
