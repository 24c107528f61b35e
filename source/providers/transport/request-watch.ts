import {classifyUnexpectedBody, classifyResponse, endpointFailure} from '../failures/classify.ts';
import {authHeaders, type Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {maxErrorBytes} from './limits.ts';
import type {ProviderError} from '../provider.ts';
import {readErrorText} from './wire.ts';

/** The longest delay of `setTimeout`; longer ones fire immediately. */
export const maxTimerMs = 2 ** 31 - 1;

export type Limits = {
	readonly signal: AbortSignal;
	/** See `StreamOptions`; both in ms. */
	readonly idleMs: number;
	readonly firstByteMs: number;
	/** Longest time between two calls of `contentReceived`, ms. Default: no limit. */
	readonly noContentMs?: number | undefined;
};

export type Watch = {
	/**
	 * For one request. It fails as soon as the signal is aborted or the server is silent for too
	 * long, even while the body is read. It throws on error statuses, so the SDKs (which retry,
	 * print and rename them) never see one, and only it adds the key and custom headers.
	 */
	readonly fetch: Fetch;
	/** Why we ended the request, if we did. */
	failure(): ProviderError | undefined;
	/** Call when content arrives, as opposed to keep-alives. */
	contentReceived(): void;
	/** Whether part of the body has arrived. */
	started(): boolean;
	/** Releases the request; a server that is still answering notices. */
	close(): void;
};

export function watchRequest(fetch: Fetch, endpoint: Endpoint, limits: Limits): Watch {
	const controller = new AbortController();
	let failure: ProviderError | undefined;
	let started = false;
	let timer: NodeJS.Timeout | undefined;
	let noContentTimer: NodeJS.Timeout | undefined;

	const fail = (error: ProviderError) => {
		failure ??= error;
		controller.abort(failure);
		return failure;
	};

	const onAbort = () => {
		fail(endpointFailure(endpoint, 'cancelled'));
	};

	const allowSilence = (ms: number) => {
		clearTimeout(timer);
		timer = setTimeout(
			() => fail(endpointFailure(endpoint, 'stalled', `no data for ${ms} ms`)),
			Math.min(ms, maxTimerMs),
		);
	};

	const allowNoContent = (ms: number | undefined) => {
		clearTimeout(noContentTimer);
		if (ms !== undefined) {
			const why = `nothing but keep-alives for ${ms} ms`;
			noContentTimer = setTimeout(() => fail(endpointFailure(endpoint, 'stalled', why)), ms);
		}
	};

	async function* watched(body: ReadableStream<Uint8Array>) {
		const reader = body.getReader();
		try {
			while (true) {
				const {done, value} = await reader.read();
				// The time that the consumer takes is not the server's silence.
				clearTimeout(timer);
				if (failure !== undefined) {
					throw failure;
				}

				if (done) {
					return;
				}

				started = true;
				yield value;
				allowSilence(limits.idleMs);
			}
		} finally {
			reader.cancel().catch(() => {});
		}
	}

	limits.signal.addEventListener('abort', onAbort, {once: true});
	return {
		async fetch(input, init) {
			if (limits.signal.aborted) {
				onAbort();
			}

			allowSilence(limits.firstByteMs);
			allowNoContent(limits.noContentMs);
			const headers = buildHeaders(endpoint, init?.headers);
			// A redirect would leak the custom headers to its target.
			const options = {headers, signal: controller.signal, redirect: 'manual'} as const;
			const response = await fetch(withQuery(input, endpoint), {...init, ...options});
			const {status, headers: about} = response;
			const body = response.body && ReadableStream.from(watched(response.body));
			if (!response.ok) {
				allowNoContent(errorBodyMs);
				const text = await readErrorText(body, maxErrorBytes);
				// The status is more informative than the silence after it.
				failure = limits.signal.aborted ? failure : undefined;
				throw fail(classifyResponse(endpoint, {status, headers: about, body: text}));
			}

			if (isUnexpectedType(about.get('content-type') ?? '')) {
				throw fail(classifyUnexpectedBody(endpoint, await readErrorText(body, maxErrorBytes)));
			}

			return new Response(body, {status, headers: about});
		},
		failure: () => failure,
		contentReceived() {
			allowNoContent(limits.noContentMs);
		},
		started: () => started,
		close() {
			clearTimeout(timer);
			clearTimeout(noContentTimer);
			limits.signal.removeEventListener('abort', onAbort);
			controller.abort();
		},
	};
}

function withQuery(input: Parameters<Fetch>[0], {query}: Endpoint): Parameters<Fetch>[0] {
	const entries = Object.entries(query);
	if (entries.length === 0 || input instanceof Request) {
		return input;
	}

	const url = new URL(input);
	for (const [name, value] of entries) {
		url.searchParams.set(name, value);
	}

	return url;
}

/** Time limit for the body of an error response, ms. */
const errorBodyMs = 5_000;

/**
 * Keeps only the headers that describe the request: SDKs also send a key of their own, facts about
 * this machine, and whatever variables like OPENAI_CUSTOM_HEADERS specify.
 */
function buildHeaders(
	endpoint: Endpoint,
	given: ConstructorParameters<typeof Headers>[0],
): Record<string, string> {
	const kept = [...new Headers(given)].filter(([name]) => requestHeaders.has(name));
	const headers = new Headers(kept);
	for (const [name, value] of Object.entries(authHeaders(endpoint))) {
		headers.set(name, value);
	}

	return Object.fromEntries(headers);
}

const requestHeaders: ReadonlySet<string> = new Set([
	'accept',
	'anthropic-version',
	'content-type',
	'user-agent',
]);

/** Servers are careless about content types, but not this careless. */
function isUnexpectedType(contentType: string): boolean {
	return /text\/html/i.test(contentType);
}
