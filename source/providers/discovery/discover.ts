import type {Environment} from '../../core/environment.ts';
import {providerDefaults, type HttpProviderType} from '../defaults.ts';
import {loadFetch, type Fetch} from '../transport/fetch.ts';
import {
	prepareLookup,
	type FoundModel,
	type FoundProvider,
	type LookupTarget,
} from './found-provider.ts';

export type DiscoverOptions = {
	readonly fetch?: Fetch | undefined;
	/**
	 * Time limit for all of a server's requests, in ms. Default: 900; any longer would keep a
	 * person waiting for a list that may not help.
	 */
	readonly patienceMs?: number | undefined;
};

/**
 * Looks for keys in the environment and for servers at their default addresses, or at those set in
 * the environment, all in parallel. Servers that never respond cost `patienceMs` in total.
 */
export async function findProviders(
	environment: Environment,
	options: DiscoverOptions = {},
): Promise<readonly FoundProvider[]> {
	const types = Object.keys(providerDefaults) as HttpProviderType[];
	return lookUpProviders(
		types.map(type => ({type})),
		environment,
		options,
	);
}

/** Looks up these providers, in order; see `findProviders`. */
export async function lookUpProviders(
	targets: readonly LookupTarget[],
	environment: Environment,
	{fetch: given, patienceMs = 900}: DiscoverOptions,
): Promise<readonly FoundProvider[]> {
	const fetch = given ?? (await loadFetch(environment));
	const looks = await Promise.all(
		targets.map(async target => prepareLookup(target, environment, fetch)),
	);
	const patience = {patienceMs, signal: AbortSignal.timeout(patienceMs)};
	return Promise.all(looks.map(async look => look(patience)));
}

/** The provider for a new team. `model` is absent if the vendor's default is used. */
export type BestProvider = {readonly type: HttpProviderType; readonly model?: string | undefined};

/** With a smaller context, agents forget too much to be useful. */
const minContextTokens = 16_384;

/**
 * The best discovered provider; `undefined` if none is usable. The most deliberate and recent
 * choice of the person comes first:
 *
 * 1. a local server with a loaded model that can call tools and has enough context: it was loaded
 * for this, it is free, and no data leaves the machine
 * 2. a vendor whose key is set
 * 3. a local server with a model that can call tools, loaded on demand
 * 4. any server with a model that may be able to call tools
 *
 * Ties are broken by the order of `found` and of the server's model list.
 */
export function bestProvider(found: readonly FoundProvider[]): BestProvider | undefined {
	return ranks.flatMap(rank => found.map(rank)).find(candidate => candidate !== undefined);
}

type Rank = (found: FoundProvider) => BestProvider | undefined;

const ranks: readonly Rank[] = [
	modelWhere(model => model.loaded === true && model.tools === 'native' && hasRoom(model)),
	({type, state}) =>
		state === 'key' && providerDefaults[type].model !== undefined ? {type} : undefined,
	modelWhere(model => model.tools === 'native' && hasRoom(model)),
	modelWhere(model => model.tools !== 'none'),
];

function modelWhere(fits: (model: FoundModel) => boolean): Rank {
	return ({type, state, details}) => {
		const model = state === 'up' ? details.find(fits) : undefined;
		return model && {type, model: model.id};
	};
}

function hasRoom({contextTokens}: FoundModel): boolean {
	return contextTokens === null || contextTokens >= minContextTokens;
}
