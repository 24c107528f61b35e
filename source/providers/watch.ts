import {classifyOddBody, classifyResponse, failureAt} from './classify.ts';
import type {Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import type {ProviderError} from './provider.ts';

/** The most that `setTimeout` can wait; beyond, it would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

export type Limits = {
	readonly signal: AbortSignal;
	/** See `StreamOptions`; both in ms. */
	readonly idleMs: number;
	readonly firstByteMs: number;
};

export type Watch = {
	/**
	 * For one request. It ends at any moment when the signal is aborted or the server is silent for
	 * too long, also while the body is read, and it lets no error status pass, so the SDKs (which
	 * retry, print and rename) never see one.
	 */
	readonly fetch: Fetch;
	/** Why the request was ended, where we ended it. */
	failure(): ProviderError | undefined;
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

	async function* watched(body: ReadableStream<Uint8Array>) {
		const reader = body.getReader();
		try {
			while (true) {
				const {done, value} = await reader.read();
				// Time that the reader of the stream takes is not the server's silence.
				clearTimeout(timer);
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
			const response = await fetch(input, {...init, signal: controller.signal});
			const {status, headers} = response;
			const body = response.body && ReadableStream.from(watched(response.body));
			const answer = new Response(body, {status, headers});
			if (!response.ok) {
				throw fail(classifyResponse(endpoint, {status, headers, body: await answer.text()}));
			}

			if (isOdd(headers.get('content-type') ?? '', bodyType)) {
				throw fail(classifyOddBody(endpoint, await answer.text()));
			}

			return answer;
		},
		failure: () => failure,
		started: () => started,
		close() {
			clearTimeout(timer);
			limits.signal.removeEventListener('abort', onAbort);
			controller.abort();
		},
	};
}

/** Servers are careless with the type of what they send, but not that careless. */
function isOdd(contentType: string, expected: BodyType): boolean {
	return (
		/text\/html/i.test(contentType) ||
		(expected === 'event-stream' && /application\/json/i.test(contentType))
	);
}
