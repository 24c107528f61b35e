import {firstModelHints} from './choose-model.ts';
import {isWrongServer} from '../failures/classify.ts';
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

/** A discovered model, with its capabilities as reported by the server. */
export type FoundModel = {
	readonly id: string;
	/** `undefined`: not reported by the server. */
	readonly loaded?: boolean | undefined;
	readonly tools: Capabilities['tools'];
	/** Tokens, like `Capabilities`; `null` if unknown. */
	readonly contextTokens: number | null;
};

export type FoundProvider = {
	readonly type: HttpProviderType;
	/**
	 * `key`: a key is set (vendors are not called to verify it); `up`, `loading`, `down`: a
	 * server's state.
	 */
	readonly state: 'key' | 'up' | 'loading' | 'unauthorized' | 'down' | 'no-key';
	/** What was found, and what to do about what is missing. */
	readonly detail: string;
	/** How to make it usable; absent if nothing is missing. */
	readonly hint?: string | undefined;
	/** Model names; `details` has the same models in the same order. */
	readonly models: readonly string[];
	readonly details: readonly FoundModel[];
};

/** Time limit for servers: until the signal, which is aborted after `patienceMs`. */
export type Deadline = {
	readonly patienceMs: number;
	readonly signal: AbortSignal;
};

/** Looks up one provider: a key in the environment, or a server and its models. Never rejects. */
export type ProviderLookup = (patience: Deadline) => Promise<FoundProvider>;

/** A provider to look up; `baseUrl` defaults to that of the environment. */
export type LookupTarget = {
	readonly type: HttpProviderType;
	readonly baseUrl?: string | undefined;
	/** Whether to query each model's capabilities. Default: yes. */
	readonly withCapabilities?: boolean;
};

/** Loads everything that a lookup needs in advance, so that it doesn't use up the server's time. */
export async function prepareLookup(
	{type, baseUrl, withCapabilities = true}: LookupTarget,
	environment: Environment,
	fetch: Fetch,
): Promise<ProviderLookup> {
	const {keyVariable, startHint: byDefault} = providerDefaults[type];
	try {
		const settings = settingsFromEnvironment(type, environment, {baseUrl});
		const endpoint = endpointOf(settings);
		// Vendors are not called: it would take time and tell us little.
		if (endpoint.isVendor) {
			const found: FoundProvider =
				settings.apiKey === undefined
					? unavailable(type, 'no-key', 'no key', `export ${keyVariable}=<your key>`)
					: {type, state: 'key', detail: `${keyVariable} is set`, models: [], details: []};
			return async () => found;
		}

		const provider = await createProvider(settings, {fetch});
		const ask = withCapabilities ? describe : withoutCapabilities;
		const hint = startHint(endpoint);
		return async patience =>
			lookUp(provider, endpoint, ask, patience).catch((error: unknown) =>
				unreachable(error, type, hint, patience),
			);
	} catch (error) {
		return async patience => unreachable(error, type, byDefault, patience);
	}
}

async function lookUp(
	provider: Provider,
	endpoint: Endpoint,
	ask: typeof describe,
	{signal, patienceMs}: Deadline,
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
		const late = `no model list within ${patienceMs} ms`;
		const why = signal.aborted ? late : messageOf(error);
		return {type, state: 'up', detail: `${at}, but: ${why}`, models: [], details: []};
	}

	const details = await Promise.all(models.map(async model => ask(provider, model, signal)));
	const hint = details.some(({tools}) => tools !== 'none') ? undefined : firstModelHints[type];
	const what = models.length === 0 ? 'no models' : 'no model that can call tools';
	return {
		type,
		state: 'up',
		detail: hint === undefined ? at : `${at}, with ${what} → ${hint}`,
		...(hint === undefined ? {} : {hint}),
		models: details.map(({id}) => id),
		details,
	};
}

/** Capabilities that don't arrive in time are unknown. */
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

async function withoutCapabilities(_: Provider, {id, loaded}: ModelInfo): Promise<FoundModel> {
	return {id, loaded, tools: 'unknown', contextTokens: null};
}

function notUp(
	endpoint: Endpoint,
	health: Exclude<Health, {state: 'up'}>,
	failure: unknown,
): FoundProvider {
	const {type, url} = endpoint;
	if (health.state === 'loading') {
		return unavailable(type, 'loading', `is loading a model at ${url}`, 'try again in a moment');
	}

	// Default ports are shared with many other programs.
	return isWrongServer(failure)
		? unavailable(
				type,
				'down',
				`the server at ${url} is not ${providerDefaults[type].name}`,
				startHint(endpoint),
			)
		: unavailable(type, health.state, health.message, health.hint);
}

function unreachable(
	error: unknown,
	type: HttpProviderType,
	hint: string,
	{signal, patienceMs}: Deadline,
): FoundProvider {
	if (signal.aborted) {
		return unavailable(type, 'down', `no answer within ${patienceMs} ms`, hint);
	}

	const better = error instanceof ProviderError ? error.hint : undefined;
	return unavailable(type, 'down', messageOf(error), better ?? hint);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function unavailable(
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
