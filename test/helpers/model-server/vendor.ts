import type {Fetch} from '../../../source/providers/transport/fetch.ts';

/**
 * A `fetch` that takes requests for one origin to another: what is meant for a vendor's own address
 * reaches the scripted server, and everything before the socket is as it is for the vendor.
 */
export function redirectedFetch(fetch: Fetch, from: string, to: string): Fetch {
	return async (input, init) => {
		const url = new URL(input instanceof Request ? input.url : input);
		if (url.origin !== new URL(from).origin) {
			throw new Error(`The test does not expect a request to ${url.origin}.`);
		}

		return fetch(to + url.pathname + url.search, init);
	};
}
