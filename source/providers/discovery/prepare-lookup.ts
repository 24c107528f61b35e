import {counted} from '../../core/text.ts';
import {firstModelHints, hasCatalog} from './choose-model.ts';
import type {FoundModel, FoundProvider} from './found-provider.ts';
import {isWrongServer} from '../failures/classify.ts';
import type {Environment} from '../../core/environment.ts';
import {isAzureUrl, providerDefaults, type HttpProviderType} from '../defaults.ts';
import {serviceOf, settingsOfTarget, typeOf, type AddressedTarget} from '../target-settings.ts';
import {healthFrom} from '../transport/ask.ts';
import {endpointOf, keyHeader, lacksKey, type Endpoint} from '../transport/endpoint.ts';
import {createProvider} from '../factory.ts';
import {startHint} from '../failures/hints.ts';
import type {Fetch} from '../transport/fetch.ts';
import {ProviderError, type Health, type ModelInfo, type Provider} from '../provider.ts';

/** Time limit for servers: until the signal, which is aborted after `patienceMs`. */
export type Deadline = {
	readonly patienceMs: number;
	readonly signal: AbortSignal;
};

/** Looks up one provider: a key in the environment, or a server and its models. Never rejects. */
export type ProviderLookup = (patience: Deadline) => Promise<FoundProvider>;

/** A provider to look up; its address defaults to that of the environment. */
export type LookupTarget = AddressedTarget & {
	/** Whether to query each model's capabilities. Default: yes. */
	readonly withCapabilities?: boolean;
};

/** Loads everything that a lookup needs in advance, so that it doesn't use up the server's time. */
export async function prepareLookup(
	{withCapabilities = true, ...target}: LookupTarget,
	environment: Environment,
	fetch: Fetch,
): Promise<ProviderLookup> {
	const type = httpTypeOf(target);
	const service = serviceOf(target);
	const who = {type, ...(service === undefined ? {} : {service})};
	try {
		const settings = settingsOfTarget(target, environment);
		const endpoint = endpointOf(settings);
		const {keyVariable} = endpoint;
		if (lacksKey(endpoint)) {
			const found = unavailable(who, 'no-key', 'no key', `export ${keyVariable}=<your key>`);
			return async () => found;
		}

		// Vendors are not called: it would take time and tell us little.
		if (endpoint.isVendor || isAzureUrl(endpoint.url)) {
			const header = keyHeader(endpoint);
			const detail = header ? `the header ${header} has the key` : `${keyVariable} is set`;
			const found: FoundProvider = {...who, state: 'key', detail, models: [], details: []};
			return async () => found;
		}

		const provider = await createProvider(settings, {fetch});
		const hint = startHint(endpoint);
		const look = hasCatalog(type)
			? async (patience: Deadline) => lookUpListed(provider, {endpoint, who}, patience)
			: async (patience: Deadline) =>
					lookUp(provider, {endpoint, who}, withCapabilities ? describe : fromList, patience);
		return async patience =>
			look(patience).catch((error: unknown) => unreachable(error, who, hint, patience));
	} catch (error) {
		return async patience => unreachable(error, who, providerDefaults[type].startHint, patience);
	}
}

type Who = Pick<FoundProvider, 'type' | 'service'>;

type Asked = {readonly endpoint: Endpoint; readonly who: Who};

/** An unknown provider has no type; what is wrong with it is said when it is looked up. */
function httpTypeOf(target: AddressedTarget): HttpProviderType {
	const type = typeOf(target);
	return type === undefined || type === 'demo' ? 'openai' : type;
}

/** One request: the list of models, which tells as much about a server in the network. */
async function lookUpListed(
	provider: Provider,
	{endpoint, who}: Asked,
	{signal}: Deadline,
): Promise<FoundProvider> {
	const listing = provider.models({signal});
	const health = await healthFrom(listing.then(() => undefined));
	if (health.state !== 'up') {
		return notUp(endpoint, who, health, await failureOf(listing));
	}

	const details = (await listing).map(listed);
	const answers = `answers at ${provider.endpoint}`;
	const reached = endpoint.apiKey === undefined ? answers : `key from ${endpoint.keyVariable}`;
	return {
		...who,
		state: 'up',
		detail: who.service === undefined ? answers : `${reached}, ${counted(details.length, 'model')}`,
		models: details.map(({id}) => id),
		details,
	};
}

async function lookUp(
	provider: Provider,
	{endpoint, who}: Asked,
	ask: typeof describe,
	{signal, patienceMs}: Deadline,
): Promise<FoundProvider> {
	const {type} = who;
	const listing = provider.models({signal});
	listing.catch(() => undefined);
	const health = await provider.health({signal});
	if (health.state !== 'up') {
		return notUp(endpoint, who, health, await failureOf(listing));
	}

	const at = `answers at ${provider.endpoint}`;
	let models: readonly ModelInfo[];
	try {
		models = await listing;
	} catch (error) {
		const late = `no model list within ${patienceMs} ms`;
		const why = signal.aborted ? late : messageOf(error);
		return {...who, state: 'up', detail: `${at}, but: ${why}`, models: [], details: []};
	}

	const details = await Promise.all(models.map(async model => ask(provider, model, signal)));
	const hint = details.some(({tools}) => tools !== 'none') ? undefined : firstModelHints[type];
	const what = models.length === 0 ? 'no models' : 'no model that can call tools';
	return {
		...who,
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

async function fromList(_: Provider, model: ModelInfo): Promise<FoundModel> {
	return listed(model);
}

function listed({id, loaded, contextTokens}: ModelInfo): FoundModel {
	return {id, loaded, tools: 'unknown', contextTokens: contextTokens ?? null};
}

function notUp(
	endpoint: Endpoint,
	who: Who,
	health: Exclude<Health, {state: 'up'}>,
	failure: unknown,
): FoundProvider {
	const {type, url, service, addressFrom} = endpoint;
	if (health.state === 'loading') {
		return unavailable(who, 'loading', `is loading a model at ${url}`, 'try again in a moment');
	}

	// Default ports are shared with many other programs; at an address that somebody set, it matters which.
	return isWrongServer(failure) && addressFrom === undefined
		? unavailable(
				who,
				'down',
				`the server at ${url} is not ${service ?? providerDefaults[type].name}`,
				startHint(endpoint),
			)
		: unavailable(who, health.state, health.message, health.hint);
}

function unreachable(
	error: unknown,
	who: Who,
	hint: string,
	{signal, patienceMs}: Deadline,
): FoundProvider {
	if (signal.aborted) {
		return unavailable(who, 'down', `no answer within ${patienceMs} ms`, hint);
	}

	const better = error instanceof ProviderError ? error.hint : undefined;
	return unavailable(who, 'down', messageOf(error), better ?? hint);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function unavailable(
	who: Who,
	state: FoundProvider['state'],
	detail: string,
	hint: string,
): FoundProvider {
	return {
		...who,
		state,
		detail: `${detail.replace(/\.$/, '')} → ${hint}`,
		hint,
		models: [],
		details: [],
	};
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
	try {
		await work;
		return undefined;
	} catch (error) {
		return error;
	}
}
