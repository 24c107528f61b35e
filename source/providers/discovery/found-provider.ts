import {firstModelHints} from './choose-model.ts';
import {isStranger} from '../failures/classify.ts';
import type {Environment} from '../../core/environment.ts';
import {providerDefaults, settingsFromEnvironment, type HttpProviderType} from '../defaults.ts';
import {endpointOf, type Endpoint} from '../transport/endpoint.ts';
import {createProvider} from '../factory.ts';
import {startHint} from '../failures/hints.ts';
import type {Fetch} from '../transport/fetch.ts';
import {
	ProviderError,
	type Capabilities,
	type Health,
	type ModelInfo,
	type Provider,
} from '../provider.ts';

/** A model that was found, with what the server says it can do. */
export type FoundModel = {
	readonly id: string;
	/** `undefined`: the server does not tell. */
	readonly loaded?: boolean | undefined;
	readonly tools: Capabilities['tools'];
	/** Tokens, as `Capabilities`; `null` when unknown. */
	readonly contextTokens: number | null;
};

export type FoundProvider = {
	readonly type: HttpProviderType;
	/** `key`: a key is set (vendors are not called for that); `up`, `loading`, `down`: a server's state. */
	readonly state: 'key' | 'up' | 'loading' | 'unauthorized' | 'down' | 'no-key';
	/** What was found, and what to do where something is missing. */
	readonly detail: string;
	/** What to do so that it can be used; absent where nothing is missing. */
	readonly hint?: string | undefined;
	/** Names of the models; `details` has the same models in the same order. */
	readonly models: readonly string[];
	readonly details: readonly FoundModel[];
};

/** How long servers are waited for: until the signal, which comes after `patienceMs`. */
export type Patience = {
	readonly patienceMs: number;
	readonly signal: AbortSignal;
};

/** Looks for one provider: a key in the environment, or a server with what it has. Never rejects. */
export type Look = (patience: Patience) => Promise<FoundProvider>;

/** What to look at: a provider at its address, by default the one of the environment. */
export type LookTarget = {
	readonly type: HttpProviderType;
	readonly baseUrl?: string | undefined;
	/** Whether each model is asked about what it can do. Default: yes. */
	readonly withAbilities?: boolean;
};

/** Loads all that is wanted to look for a provider, so that no server's time is spent on it. */
export async function prepareLook(
	{type, baseUrl, withAbilities = true}: LookTarget,
	environment: Environment,
	fetch: Fetch,
): Promise<Look> {
	const {keyVariable, startHint: byDefault} = providerDefaults[type];
	const settings = settingsFromEnvironment(type, environment, {baseUrl});
	try {
		const endpoint = endpointOf(settings);
		// A vendor is not asked what it has: it would cost time and tell little.
		if (endpoint.isVendor) {
			const found: FoundProvider =
				settings.apiKey === undefined
					? nothing(type, 'no-key', 'no key', `export ${keyVariable}=<your key>`)
					: {type, state: 'key', detail: `${keyVariable} is set`, models: [], details: []};
			return async () => found;
		}

		const provider = await createProvider(settings, {fetch});
		const ask = withAbilities ? describe : undescribed;
		const hint = startHint(endpoint);
		return async patience =>
			look(provider, endpoint, ask, patience).catch((error: unknown) =>
				unreachable(error, type, hint, patience),
			);
	} catch (error) {
		return async patience => unreachable(error, type, byDefault, patience);
	}
}

async function look(
	provider: Provider,
	endpoint: Endpoint,
	ask: typeof describe,
	{signal, patienceMs}: Patience,
): Promise<FoundProvider> {
	const {type} = endpoint;
	const listing = provider.models({signal});
	listing.catch(() => undefined);
	const health = await provider.health({signal});
	if (health.state !== 'up') {
		return notUp(endpoint, health, await failureOf(listing));
	}

	const at = `answers at ${provider.endpoint}`;
	let models: readonly ModelInfo[];
	try {
		models = await listing;
	} catch (error) {
		const late = `it did not list its models within ${patienceMs} ms`;
		const why = signal.aborted ? late : messageOf(error);
		return {type, state: 'up', detail: `${at}, but: ${why}`, models: [], details: []};
	}

	const details = await Promise.all(models.map(async model => ask(provider, model, signal)));
	const hint = details.some(({tools}) => tools !== 'none') ? undefined : firstModelHints[type];
	const what = models.length === 0 ? 'no model' : 'no model that can call tools';
	return {
		type,
		state: 'up',
		detail: hint === undefined ? at : `${at}, with ${what} → ${hint}`,
		...(hint === undefined ? {} : {hint}),
		models: details.map(({id}) => id),
		details,
	};
}

/** What is not told in time is unknown. */
async function describe(
	provider: Provider,
	{id, loaded}: ModelInfo,
	signal: AbortSignal,
): Promise<FoundModel> {
	try {
		const {tools, contextTokens} = await provider.capabilities(id, {signal});
		return {id, loaded, tools, contextTokens};
	} catch {
		return {id, loaded, tools: 'unknown', contextTokens: null};
	}
}

async function undescribed(_: Provider, {id, loaded}: ModelInfo): Promise<FoundModel> {
	return {id, loaded, tools: 'unknown', contextTokens: null};
}

function notUp(
	endpoint: Endpoint,
	health: Exclude<Health, {state: 'up'}>,
	failure: unknown,
): FoundProvider {
	const {type, url} = endpoint;
	if (health.state === 'loading') {
		return nothing(type, 'loading', `is loading a model at ${url}`, 'try again in a moment');
	}

	// Their usual ports are those of many other programs.
	return isStranger(failure)
		? nothing(type, 'down', `another program seems to answer at ${url}`, startHint(endpoint))
		: nothing(type, health.state, health.message, health.hint);
}

function unreachable(
	error: unknown,
	type: HttpProviderType,
	hint: string,
	{signal, patienceMs}: Patience,
): FoundProvider {
	if (signal.aborted) {
		return nothing(type, 'down', `no answer within ${patienceMs} ms`, hint);
	}

	const better = error instanceof ProviderError ? error.hint : undefined;
	return nothing(type, 'down', messageOf(error), better ?? hint);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function nothing(
	type: HttpProviderType,
	state: FoundProvider['state'],
	detail: string,
	hint: string,
): FoundProvider {
	return {type, state, detail: `${detail} → ${hint}`, hint, models: [], details: []};
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
	try {
		await work;
		return undefined;
	} catch (error) {
		return error;
	}
}
