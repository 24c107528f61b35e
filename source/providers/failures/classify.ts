import type {FailureKind, FailureLesson} from '../../core/failure.ts';
import {parseJson} from '../../core/json.ts';
import {providerDefaults} from '../defaults.ts';
import {addressSource, type Endpoint} from '../transport/endpoint.ts';
import {hintFor} from './hints.ts';
import {
	factsOf,
	kindOf,
	noFacts,
	oneLine,
	isErrorBody,
	refusesTools,
	type FailureFacts,
} from './error-patterns.ts';
import {ProviderError} from '../provider.ts';
import {retryAfterMs} from '../transport/retry-after.ts';

/** Classifies a response with an error status. */
export function classifyResponse(
	endpoint: Endpoint,
	answer: {readonly status: number; readonly headers: Headers; readonly body: string},
): ProviderError {
	const {status, headers, body} = answer;
	if (status >= 300 && status < 400) {
		return redirected(endpoint, status, headers.get('location') ?? '');
	}

	if (isHtml(body) && status < 500 && !gatewayStatuses.has(status)) {
		return wrongServer(endpoint, status, 'it sent an HTML page');
	}

	const said = isHtml(body) ? 'an HTML page' : withoutSecrets(endpoint, body);
	const facts = factsOf(parseJson(said) ?? said, status);
	const kind =
		status === 429 && headers.get('x-should-retry') === 'false' ? 'quota' : kindOf(facts);
	return kind === 'server-down'
		? wrongServer(endpoint, status, facts.message)
		: failure(endpoint, kind, facts, {status, retryAfterMs: retryAfterMs(headers)});
}

/** Statuses that a gateway before the right server reports in HTML as well. */
const gatewayStatuses: ReadonlySet<number> = new Set([401, 403, 408, 413, 429]);

/** Redirects are not followed: the person only trusts the given address with the key. */
function redirected(endpoint: Endpoint, status: number, location: string): ProviderError {
	const target = URL.parse(location, endpoint.url);
	return target
		? wrongServer(
				endpoint,
				status,
				`it redirects to ${target.origin}`,
				`if you trust it, use ${target.origin} as the base URL`,
			)
		: wrongServer(endpoint, status, 'it redirects');
}

/** Classifies a 200 whose body does not match the protocol. */
export function classifyUnexpectedBody(endpoint: Endpoint, body: string): ProviderError {
	const parsed = parseJson(body);
	if (isErrorBody(parsed) || kindOf(factsOf(parsed)) === 'context-overflow') {
		return classifyErrorEvent(endpoint, parsed);
	}

	if (parsed === undefined && /^\s*[[{]/.test(body)) {
		return endpointFailure(endpoint, 'transient', 'the answer was cut off');
	}

	const detail = isHtml(body)
		? 'it sent an HTML page'
		: `it sent ${JSON.stringify(oneLine(withoutSecrets(endpoint, body.slice(0, 4_000)), 80))}`;
	return wrongServer(endpoint, 200, detail);
}

/** Classifies an error event within a stream, which has a type but no status. */
export function classifyErrorEvent(endpoint: Endpoint, payload: unknown): ProviderError {
	const facts = factsOf(payload);
	const kind = kindOf(facts);
	return kind === 'server-down'
		? wrongServer(endpoint, 200, facts.message)
		: failure(endpoint, kind, facts);
}

/** Classifies anything that was thrown during a request. */
export function classifyThrown(endpoint: Endpoint, error: unknown): ProviderError {
	const chain = chainOf(error);
	const known = chain.find(link => link instanceof ProviderError);
	if (known !== undefined) {
		return known;
	}

	const codes = chain.map(codeOf).filter(code => code !== undefined);
	const [code] = codes;
	const words = code === undefined ? undefined : codeMessages[code];
	const thrown = code ?? chain.at(-1)?.message ?? String(error);
	const facts = {...noFacts, message: words === undefined ? thrown : `${words} (${thrown})`};
	const refusal = endpoint.proxy && proxyStatus(chain);
	if (refusal !== undefined) {
		return refusedByProxy(endpoint, refusal, error);
	}

	if (codes.includes('ECONNREFUSED')) {
		return failure(endpoint, 'server-down', facts, {cause: error});
	}

	if (codes.includes('ENOTFOUND')) {
		const hint = `check the base URL${addressSource(endpoint)} and the network: host not found`;
		return failure(endpoint, 'server-down', facts, {cause: error, hint});
	}

	if (codes.some(code => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/.test(code))) {
		const hint = `check http or https in the base URL${addressSource(endpoint)}, or trust its certificate: NODE_EXTRA_CA_CERTS`;
		return failure(endpoint, 'server-down', facts, {cause: error, hint});
	}

	// `fetch` blocks the ports of other services: https://fetch.spec.whatwg.org/#bad-port
	if (chain.some(link => link.message === 'bad port')) {
		const hint = 'choose another port for the server: this one is reserved for another service';
		return failure(endpoint, 'server-down', facts, {cause: error, hint});
	}

	// The ollama package's message for a stream without its end marker.
	if (chain.some(link => link.message.startsWith('Did not receive done'))) {
		return failure(endpoint, 'stream-truncated', facts, {cause: error});
	}

	const fromNetwork =
		codes.length > 0 || chain.some(link => /fetch failed|terminated|Connection/.test(link.message));
	return failure(endpoint, fromNetwork ? 'transient' : 'internal', facts, {cause: error});
}

/** The status with which a proxy refused to pass a request on, in undici's words. */
function proxyStatus(chain: readonly Error[]): number | undefined {
	const texts = chain.map(({message}) =>
		/^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)/.exec(message),
	);
	const found = texts.find(match => match !== null);
	return found ? Number(found[1] ?? found[2]) : undefined;
}

function refusedByProxy(endpoint: Endpoint, status: number, cause: unknown): ProviderError {
	const {from = ''} = endpoint.proxy ?? {};
	const facts = {...noFacts, message: `the proxy answered with status ${status}`};
	return status === 407
		? failure(endpoint, 'auth', facts, {
				cause,
				verdict: 'cannot be reached',
				hint: `put user and password of the proxy into ${from}: http://user:password@host:port`,
			})
		: failure(endpoint, 'server-down', facts, {cause});
}

/** Error codes of the system and undici for failed connections. */
const codeMessages: Readonly<Record<string, string>> = {
	EAI_AGAIN: 'the DNS lookup failed temporarily',
	ECONNRESET: 'the connection was reset',
	EHOSTUNREACH: 'the host is unreachable',
	ENETUNREACH: 'the network is unreachable',
	EPIPE: 'the connection was closed',
	ETIMEDOUT: 'the connection timed out',
	UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
	UND_ERR_SOCKET: 'the connection was closed',
};

/** A response that no server of this protocol sends: another program is at this address. */
function wrongServer(
	endpoint: Endpoint,
	status: number,
	message: string,
	hint = `check the base URL${addressSource(endpoint)}`,
): ProviderError {
	const verdict = `is not ${serverNoun(endpoint)} (status ${status})`;
	return failure(endpoint, 'server-down', {...noFacts, message}, {status, hint, verdict});
}

function serverNoun({type}: Endpoint): string {
	const {name} = providerDefaults[type];
	return name.endsWith('server') ? `a ${name}` : `an ${name} server`;
}

/** Whether a failure means that another program is at the address. */
export function isWrongServer(error: unknown): boolean {
	return (
		error instanceof ProviderError && error.kind === 'server-down' && error.status !== undefined
	);
}

/** A failure that we detected ourselves, worded like all others. */
export function endpointFailure(endpoint: Endpoint, kind: FailureKind, detail = ''): ProviderError {
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
	const name = endpoint.service ?? providerDefaults[endpoint.type].name;
	const model = endpoint.model === undefined ? '' : ` (model ${endpoint.model})`;
	const status =
		more.status === undefined || more.verdict !== undefined ? '' : ` with status ${more.status}`;
	const {
		hint = hintFor(endpoint, kind, facts.message),
		verdict = verdicts[kind] ?? 'failed',
		...rest
	} = more;
	const detail = oneLine(withoutSecrets(endpoint, facts.message), 500);
	const lesson = lessonOf(kind, facts);
	const way = ways.has(kind) ? throughProxy(endpoint) : '';
	const message = `${name} at ${endpoint.url}${model} ${verdict}${way}${status}`;
	return new ProviderError(kind, detail === '' ? `${message}.` : `${message}: ${detail}`, {
		...rest,
		hint,
		...(lesson === undefined ? {} : {lesson}),
	});
}

/** Failures of the connection, which the proxy may have caused. */
const ways: ReadonlySet<FailureKind> = new Set(['auth', 'server-down', 'stalled', 'transient']);

/** ` through the proxy http://proxy:3128 (from HTTPS_PROXY)`, if there is one. */
function throughProxy({proxy}: Endpoint): string {
	return proxy ? ` through the proxy ${proxy.shown} (from ${proxy.from})` : '';
}

/** What the next request can do better; `undefined` if nothing. */
function lessonOf(kind: FailureKind, facts: FailureFacts): FailureLesson | undefined {
	switch (kind) {
		case 'context-overflow':
			return facts.limits && {limits: facts.limits};
		case 'bad-call':
			return facts.generated === undefined ? undefined : {generated: facts.generated};
		case 'bad-request':
			return refusesTools(facts) ? {refusesTools: true} : facts.limits && {limits: facts.limits};
		default:
			return undefined;
	}
}

const verdicts: Partial<Record<FailureKind, string>> = {
	auth: 'rejected the key',
	quota: 'has no quota left for this key',
	'model-missing': 'does not serve the model',
	'server-down': 'cannot be reached',
	'server-loading': 'is still loading',
	'rate-limit': 'asked us to slow down',
	overloaded: 'is overloaded',
	'context-overflow': 'cannot handle a request this long',
	'output-cut': 'exceeded the maximum answer size',
	'bad-call': 'could not use the answer of the model',
	'content-filtered': 'filtered the content',
	'bad-request': 'rejected the request',
	'empty-answer': 'returned an empty answer',
	'stream-truncated': 'stopped in the middle of its answer',
	stalled: 'stopped responding',
	cancelled: 'was cancelled',
};

/** An error, its causes and bundled errors: Node tries both addresses of `localhost`. */
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

/** Shorter values are settings, not secrets. */
const minSecretLength = 6;

/** Replaces key and headers: each value as a whole, and each of its words (`Bearer …`). */
function withoutSecrets({apiKey = '', headers}: Endpoint, text: string): string {
	const values = [apiKey, ...Object.values(headers)];
	const secrets = values
		.flatMap(value => [value, ...value.split(/\s+/)])
		.filter(secret => secret.length >= minSecretLength)
		.sort((a, b) => b.length - a.length);
	return secrets
		.reduce((rest, secret) => withoutStart(rest.replaceAll(secret, '[key]'), secret), text)
		.replace(/\b(sk-|Bearer )[\w*.-]{6,}/g, '[key]');
}

/** Removes the beginning of a secret at the end of a shortened text. */
function withoutStart(text: string, secret: string): string {
	const end = /…?$/.exec(text)?.[0] ?? '';
	const whole = text.slice(0, text.length - end.length);
	for (let length = secret.length - 1; length >= minSecretLength; length--) {
		if (whole.endsWith(secret.slice(0, length))) {
			return `${whole.slice(0, -length)}[key]${end}`;
		}
	}

	return text;
}
