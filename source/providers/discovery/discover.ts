import type {Environment} from '../../core/environment.ts';
import {providerPresets, type NamedProviders} from '../../core/provider-presets.ts';
import {providerDefaults} from '../defaults.ts';
import {loadFetch, type Fetch} from '../transport/fetch.ts';
import {hasCatalog} from './choose-model.ts';
import {nameOf, type FoundModel, type FoundProvider} from './found-provider.ts';
import {prepareLookup, type LookupTarget} from './prepare-lookup.ts';

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
 * the environment, all in parallel: of services with a name, those that the person configured or has a key
 * for. Servers that never respond cost `patienceMs` in total.
 */
export async function findProviders(
	environment: Environment,
	{
		services = providerPresets,
		...options
	}: DiscoverOptions & {readonly services?: NamedProviders} = {},
): Promise<readonly FoundProvider[]> {
	const isSet = (variable: string | undefined) =>
		variable !== undefined && (environment[variable]?.trim() ?? '') !== '';
	const named = Object.entries(services)
		.filter(
			([, {isConfigured, keyVariable, baseUrlVariable}]) =>
				isConfigured === true || isSet(keyVariable) || isSet(baseUrlVariable),
		)
		.map(([provider, service]): LookupTarget => ({provider, ...service}));
	const types = Object.keys(providerDefaults).map((provider): LookupTarget => ({provider}));
	return lookUpProviders([...types, ...named], environment, options);
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

/**
 * The provider for a new team, as `--provider` calls it. `model` is absent if the vendor's default is
 * used.
 */
export type BestProvider = {readonly type: string; readonly model?: string | undefined};

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
 * A service that needs a model is never proposed: which one to use, and pay, is the person’s choice.
 *
 * Ties are broken by the order of `found` and of the server's model list.
 */
export function bestProvider(found: readonly FoundProvider[]): BestProvider | undefined {
	const choosable = found.filter(provider => !needsModel(provider));
	return ranks.flatMap(rank => choosable.map(rank)).find(candidate => candidate !== undefined);
}

/** Whether it can be used only with a model that the person names. */
export function needsModel({type, service, state, models}: FoundProvider): boolean {
	return (
		service !== undefined &&
		(state === 'key' || (state === 'up' && models.length > 1 && hasCatalog(type)))
	);
}

type Rank = (found: FoundProvider) => BestProvider | undefined;

const ranks: readonly Rank[] = [
	modelWhere(model => model.loaded === true && model.tools === 'native' && hasRoom(model)),
	({type, service, state}) =>
		state === 'key' && service === undefined && providerDefaults[type].model !== undefined
			? {type}
			: undefined,
	modelWhere(model => model.tools === 'native' && hasRoom(model)),
	modelWhere(model => model.tools !== 'none'),
];

function modelWhere(fits: (model: FoundModel) => boolean): Rank {
	return found => {
		const model = found.state === 'up' ? found.details.find(fits) : undefined;
		return model && {type: nameOf(found), model: model.id};
	};
}

function hasRoom({contextTokens}: FoundModel): boolean {
	return contextTokens === null || contextTokens >= minContextTokens;
}
