/** The signature of `fetch` that all SDKs accept. */
export type Fetch = typeof globalThis.fetch;

type FetchInput = Parameters<Fetch>[0];

/**
 * The `fetch` for all providers, without Node's limit of 300 s on headers and body: a local server
 * may take longer to load a model or to dequeue a request. A call's `firstByteMs` and `idleMs`
 * apply instead. undici is loaded on the first request.
 */
export function createFetch(): Fetch {
	let loading: Promise<Fetch> | undefined;
	return async (input, init) => {
		loading ??= loadFetch();
		const fetch = await loading;
		return fetch(input, init);
	};
}

/** The same `fetch`, already loaded. */
export async function loadFetch(): Promise<Fetch> {
	const undici = await import('./undici.ts');
	const dispatcher = new undici.Agent({headersTimeout: 0, bodyTimeout: 0});
	// The package and Node declare the same classes separately; at run time they are compatible.
	const fetch = undici.fetch as unknown as (input: FetchInput, init: object) => Promise<Response>;
	return (input, init) => fetch(input, {...init, dispatcher});
}
