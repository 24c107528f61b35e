import type {Environment} from '../../core/environment.ts';
import type {Proxy} from '../provider.ts';
import {proxyFor} from './proxy.ts';

/** The signature of `fetch` that all SDKs accept. */
export type Fetch = typeof globalThis.fetch;

type FetchInput = Parameters<Fetch>[0];

/**
 * The `fetch` for all providers, without Node's limit of 300 s on headers and body: a local server
 * may take longer to load a model or to dequeue a request. A call's `firstByteMs` and `idleMs`
 * apply instead. undici is loaded on the first request.
 *
 * @param environment names the proxies, see `proxyFor`. Default: none
 */
export function createFetch(environment: Environment = {}): Fetch {
	let loading: Promise<Fetch> | undefined;
	return async (input, init) => {
		loading ??= loadFetch(environment);
		const fetch = await loading;
		return fetch(input, init);
	};
}

/** The same `fetch`, already loaded. */
export async function loadFetch(environment: Environment = {}): Promise<Fetch> {
	const undici = await import('./undici.ts');
	const noLimits = {headersTimeout: 0, bodyTimeout: 0};
	const direct = new undici.Agent(noLimits);
	const through = new Map<string, InstanceType<typeof undici.ProxyAgent>>();
	const agentFor = ({url}: Proxy) => {
		const known =
			through.get(url) ??
			new undici.ProxyAgent({
				...noLimits,
				uri: url,
				...authorizationOf(url),
				// Plain HTTP is forwarded: proxies allow tunnels to few ports.
				proxyTunnel: false,
				factory: (origin, options) => new undici.Pool(origin, {...options, ...noLimits}),
			});
		through.set(url, known);
		return known;
	};

	// The package and Node declare the same classes separately; at run time they are compatible.
	const fetch = undici.fetch as unknown as (input: FetchInput, init: object) => Promise<Response>;
	return async (input, init) => {
		const proxy = proxyFor(input instanceof Request ? input.url : input.toString(), environment);
		return fetch(input, {...init, dispatcher: proxy ? agentFor(proxy) : direct});
	};
}

/** Also for a user without a password, whom undici would leave out. */
function authorizationOf(proxy: string): {readonly token?: string} {
	const {username, password} = new URL(proxy);
	const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return username === '' ? {} : {token: `Basic ${Buffer.from(pair).toString('base64')}`};
}
