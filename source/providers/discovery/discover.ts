import type {Environment} from '../../core/environment.ts';
import {providerDefaults, type HttpProviderType} from '../defaults.ts';
import {loadFetch, type Fetch} from '../transport/fetch.ts';
import {
	prepareLook,
	type FoundModel,
	type FoundProvider,
	type LookTarget,
} from './found-provider.ts';

export type DiscoverOptions = {
	readonly fetch?: Fetch | undefined;
	/**
	 * How long a server has for all that it is asked, in ms. Default: 900; longer, and a person would wait for
	 * a list that may be of no use.
	 */
	readonly patienceMs?: number | undefined;
};

/**
 * Looks for keys in the environment and servers at their usual addresses, or where the environment
 * says, all at once. A server that never answers costs `patienceMs`, however many there are.
 */
export async function findProviders(
	environment: Environment,
	options: DiscoverOptions = {},
): Promise<readonly FoundProvider[]> {
	const types = Object.keys(providerDefaults) as HttpProviderType[];
	return lookAt(
		types.map(type => ({type})),
		environment,
		options,
	);
}

/** What there is at each of these places, in their order; as `findProviders`. */
export async function lookAt(
	targets: readonly LookTarget[],
	environment: Environment,
	{fetch: given, patienceMs = 900}: DiscoverOptions,
): Promise<readonly FoundProvider[]> {
	const fetch = given ?? (await loadFetch());
	const looks = await Promise.all(
		targets.map(async target => prepareLook(target, environment, fetch)),
	);
	const patience = {patienceMs, signal: AbortSignal.timeout(patienceMs)};
	return Promise.all(looks.map(async look => look(patience)));
}

/** What to make a team with. `model` is absent where the vendor's default serves. */
export type BestProvider = {readonly type: HttpProviderType; readonly model?: string | undefined};

/** Tokens of context below which agents have to forget too much to be of use. */
const leastContextTokens = 16_384;

/**
 * The best of what was found; `undefined` when nothing can be used. What a person set up most
 * deliberately and most lately comes first:
 *
 * 1. a local server with a model in memory that can call tools and has room for an agent: somebody
 *    loaded it for this, it costs nothing, and nothing leaves the machine
 * 2. a vendor whose key is set
 * 3. a local server with a model that can call tools, which it loads when it is asked
 * 4. any server with a model of which nobody says that it cannot call tools
 *
 * Within a rank the order of `found` decides, and of a server's models the order of its list.
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
	return contextTokens === null || contextTokens >= leastContextTokens;
}
