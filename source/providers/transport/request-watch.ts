import {classifyOddBody, classifyResponse, failureAt} from '../failures/classify.ts';
import {bearer, type Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {maxErrorBytes} from './limits.ts';
import type {ProviderError} from '../provider.ts';
import {startOf} from './wire.ts';

/** The most that `setTimeout` can wait; beyond, it would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

export type Limits = {
	readonly signal: AbortSignal;
	/** See `StreamOptions`; both in ms. */
	readonly idleMs: number;
	readonly firstByteMs: number;
	/** Longest time without anything that `heard` was told of, ms. Default: none. */
	readonly wordlessMs?: number | undefined;
};

export type Watch = {
	/**
	 * For one request. It ends at any moment when the signal is aborted or the server is silent for
	 * too long, also while the body is read. It lets no error status pass, so the SDKs (which retry,
	 * print and rename) never see one, and it alone puts on the key and a person's own headers.
	 */
	readonly fetch: Fetch;
	/** Why the request was ended, where we ended it. */
	failure(): ProviderError | undefined;
	/** Something came that is more than a sign of life. */
	heard(): void;
	/** Whether a part of the body had come. */
	started(): boolean;
	/** Lets go of the request; a server that is still answering notices. */
	close(): void;
};

/** What a 200 may carry. Another type means that not this protocol answers, and is classified. */
export type BodyType = 'json' | 'event-stream' | 'ndjson';

export function watchRequest(
	fetch: Fetch,
	endpoint: Endpoint,
	bodyType: BodyType,
	limits: Limits,
): Watch {
	const controller = new AbortController();
	let failure: ProviderError | undefined;
	let started = false;
	let timer: NodeJS.Timeout | undefined;
	let wordless: NodeJS.Timeout | undefined;

	const fail = (error: ProviderError) => {
		failure ??= error;
		controller.abort(failure);
		return failure;
	};

	const onAbort = () => {
		fail(failureAt(endpoint, 'cancelled'));
	};

	const allowSilence = (ms: number) => {
		clearTimeout(timer);
		timer = setTimeout(
			() => fail(failureAt(endpoint, 'stalled', `nothing came for ${ms} ms`)),
			Math.min(ms, longestTimerMs),
		);
	};

	const allowWordless = (ms: number | undefined) => {
		clearTimeout(wordless);
		if (ms !== undefined) {
			const why = `nothing but signs of life came for ${ms} ms`;
			wordless = setTimeout(() => fail(failureAt(endpoint, 'stalled', why)), ms);
		}
	};

	async function* watched(body: ReadableStream<Uint8Array>) {
		const reader = body.getReader();
		try {
			while (true) {
				const {done, value} = await reader.read();
				// Time that the reader of the stream takes is not the server's silence.
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
			allowWordless(limits.wordlessMs);
			const headers = authorized(endpoint, init?.headers);
			// A redirect would take headers of a person along to wherever it leads.
			const own = {headers, signal: controller.signal, redirect: 'manual'} as const;
			const response = await fetch(input, {...init, ...own});
			const {status, headers: about} = response;
			const body = response.body && ReadableStream.from(watched(response.body));
			if (!response.ok) {
				allowWordless(errorBodyMs);
				const text = await startOf(body, maxErrorBytes);
				// The status tells more than the silence after it.
				failure = limits.signal.aborted ? failure : undefined;
				throw fail(classifyResponse(endpoint, {status, headers: about, body: text}));
			}

			if (isOdd(about.get('content-type') ?? '', bodyType)) {
				throw fail(classifyOddBody(endpoint, await startOf(body, maxErrorBytes)));
			}

			return new Response(body, {status, headers: about});
		},
		failure: () => failure,
		heard() {
			allowWordless(limits.wordlessMs);
		},
		started: () => started,
		close() {
			clearTimeout(timer);
			clearTimeout(wordless);
			limits.signal.removeEventListener('abort', onAbort);
			controller.abort();
		},
	};
}

/** Longest time that what stands behind an error status may take, ms. */
const errorBodyMs = 5_000;

/**
 * Of what an SDK sends only what describes the request: they also send a key of their own, facts
 * about this machine, and whatever variables like OPENAI_CUSTOM_HEADERS tell them.
 */
function authorized(
	endpoint: Endpoint,
	given: ConstructorParameters<typeof Headers>[0],
): Record<string, string> {
	const kept = [...new Headers(given)].filter(([name]) => requestHeaders.has(name));
	const headers = new Headers(kept);
	for (const [name, value] of Object.entries(bearer(endpoint))) {
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

/** Servers are careless with the type of what they send, but not that careless. */
function isOdd(contentType: string, expected: BodyType): boolean {
	return (
		/text\/html/i.test(contentType) ||
		(expected === 'event-stream' && /application\/json/i.test(contentType))
	);
}
