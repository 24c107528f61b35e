/** The shape of `fetch` that all SDKs take. */
export type Fetch = typeof globalThis.fetch;

type FetchInput = Parameters<Fetch>[0];

/**
 * One `fetch` for all providers, without the limit of 300 s that Node's own sets on headers and
 * body: a local server may load a model or keep a request in its queue for longer. The limits that
 * count are `firstByteMs` and `idleMs` of a call. undici is loaded with the first request.
 */
export function createFetch(): Fetch {
	let loading: Promise<Fetch> | undefined;
	return async (input, init) => {
		loading ??= loadFetch();
		const fetch = await loading;
		return fetch(input, init);
	};
}

/** The same, loaded. */
export async function loadFetch(): Promise<Fetch> {
	const undici = await import('./undici.ts');
	const dispatcher = new undici.Agent({headersTimeout: 0, bodyTimeout: 0});
	// The package and Node declare the same classes twice; at run time they are alike.
	const fetch = undici.fetch as unknown as (input: FetchInput, init: object) => Promise<Response>;
	return (input, init) => fetch(input, {...init, dispatcher});
}
