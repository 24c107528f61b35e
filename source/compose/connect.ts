import type {Clock} from '../core/clock.ts';
import {abortable} from '../core/abortable.ts';
import type {ModelTarget} from '../core/settings.ts';
import {createScriptedProvider, type Pace} from '../demo/scripted-provider.ts';
import type {Connect, Connection} from '../engine/model/connection.ts';
import {chooseModel} from '../providers/discovery/choose-model.ts';
import {lookUpModelFacts, type CustomPrices} from '../providers/prices.ts';
import type {Environment} from '../core/environment.ts';
import {retiredModelHint, settingsFromEnvironment} from '../providers/defaults.ts';
import {endpointOf} from '../providers/transport/endpoint.ts';
import {createProvider} from '../providers/factory.ts';
import {createFetch, type Fetch} from '../providers/transport/fetch.ts';
import {providerTypes, requestOptionsSchema, type ProviderType} from '../core/settings.ts';
import {contextHint} from '../providers/failures/hints.ts';
import {ProviderError, type Capabilities, type Provider} from '../providers/provider.ts';

/** Below this number of parameters, models seldom fill in a whole plan. */
const smallModelParameters = 3e9;

/** Maximum output tokens of one answer, if the server does not specify it. */
const defaultMaxOutputTokens = 8_192;

const idleMs = 60_000;

/** A local server may load a model, or serve others first, before it responds. */
const firstByteMs = {local: 15 * 60_000, cloud: 3 * 60_000};

export type ConnectOptions = {
	readonly environment: Environment;
	readonly clock: Clock;
	/** Speed of the scripted model. */
	readonly pace: Pace;
	readonly fetch?: Fetch | undefined;
	/** The person's own prices. Default: none. */
	readonly prices?: CustomPrices | undefined;
	/** Where the person set the address, for messages. Default: the team's settings. */
	readonly addressFrom?: string | undefined;
	/** Providers that replace the built-in ones. */
	readonly replaceProvider?: ReplaceProvider | undefined;
};

/** A provider for a target of the team; `undefined`: the built-in one of that name. */
export type ReplaceProvider = (target: ModelTarget) => Provider | undefined;

/** Address and options of a provider, as written by the person. */
export type ProviderAddress = Omit<ModelTarget, 'provider' | 'model' | 'parallelCalls'>;

/** Creates the adapter for a type of provider, from the person's input and the environment. */
async function openProvider(
	type: ProviderType,
	address: ProviderAddress,
	{environment, clock, pace, addressFrom, fetch = createFetch(environment)}: ConnectOptions,
	service?: string,
): Promise<Provider> {
	if (type === 'demo') {
		return createScriptedProvider({pace, clock});
	}

	const {baseUrl, keyVariable, headers, query, contextTokens} = address;
	const settings = settingsFromEnvironment(type, environment, {
		baseUrl,
		keyVariable,
		...(addressFrom === undefined ? {} : {addressFrom}),
	});
	return createProvider(
		{
			...settings,
			headers: headers && expandHeaders(headers, environment),
			query,
			contextTokens,
			request: requestOptionsSchema.parse(address),
			service,
		},
		{fetch},
	);
}

/** The same for a target of a team. Throws kind `bad-request` for an unknown provider. */
export async function openTarget(target: ModelTarget, options: ConnectOptions): Promise<Provider> {
	const type = target.type ?? providerTypes.find(name => name === target.provider);
	if (!type) {
		throw new ProviderError('bad-request', `unknown provider "${target.provider}"`);
	}

	return openProvider(type, target, options, target.type && target.provider);
}

/**
 * Replaces `$NAME` and `${NAME}` in header values by environment variables; unset ones are an
 * error.
 */
function expandHeaders(
	headers: Readonly<Record<string, string>>,
	environment: Environment,
): Readonly<Record<string, string>> {
	const fill = (value: string) =>
		value.replace(/\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g, (_, braced: string, bare: string) => {
			const name = braced ?? bare;
			const found = environment[name]?.trim();
			if (found === undefined || found === '') {
				throw new ProviderError(
					'auth',
					`A header of the team uses the variable ${name}, which is not set.`,
					{
						hint: `set ${name}`,
					},
				);
			}

			return found;
		});
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
}

/** Connects agents to their models; equal profiles share one connection. */
export function createConnect(options: ConnectOptions): Connect {
	const fetch = options.fetch ?? createFetch(options.environment);
	const connections = new Map<string, Promise<Connection>>();
	return async (target, signal) => {
		const key = JSON.stringify(target);
		let connection = connections.get(key);
		if (!connection) {
			// Shared, so not aborted with its first caller.
			connection = connect(target, AbortSignal.timeout(firstByteMs.local), {...options, fetch});
			connections.set(key, connection);
			connection.catch(() => connections.delete(key));
		}

		return abortable(connection, signal);
	};
}

async function connect(
	target: ModelTarget,
	signal: AbortSignal,
	options: ConnectOptions,
): Promise<Connection> {
	const replacement = options.replaceProvider?.(target);
	if (replacement) {
		return connectTo(replacement, target, signal, options);
	}

	const retired = retiredModelHint(target.model);
	if (retired !== undefined) {
		throw new ProviderError('model-missing', retired, {hint: 'change the model of the team'});
	}

	return connectTo(await openTarget(target, options), target, signal, options);
}

async function connectTo(
	provider: Provider,
	target: ModelTarget,
	signal: AbortSignal,
	options: ConnectOptions,
): Promise<Connection> {
	const {type} = provider;
	const model = target.model === '' ? await chooseModel(provider, {signal}) : target.model;
	const local = type === 'ollama' || type === 'lmstudio' || type === 'llama-server';
	const isVendor =
		type !== 'custom' &&
		type === target.provider &&
		isVendorAddress(type, target.baseUrl, options.environment);
	const known =
		local || type === 'custom'
			? await provider.capabilities(model, {signal})
			: isVendor || type === 'demo'
				? undefined
				: await capabilitiesInTime(provider, model, signal);
	const {price, contextTokens} = await lookUpModelFacts(
		{provider: type, model, isVendor},
		options.prices ?? {},
	);
	const byDefault = type === 'ollama' ? 1 : Number.POSITIVE_INFINITY;
	return {
		provider,
		model,
		parallelCalls: target.parallelCalls ?? atLeastOne(known?.parallelCalls) ?? byDefault,
		callsPerAnswer: known?.callsPerAnswer ?? 'many',
		toolMode: {
			tools: known?.tools === 'none' ? 'described' : 'native',
			grammar: known?.structuredOutput === 'enforced' && type !== 'lmstudio',
		},
		isSmall: (known?.parameters ?? Number.POSITIVE_INFINITY) < smallModelParameters,
		contextTokens: contextOf(target.contextTokens, known?.contextTokens ?? contextTokens),
		contextHint: contextHint(type),
		price,
		maxOutputTokens: outputTokens(
			target.maxOutputTokens,
			known?.maxOutputTokens,
			contextOf(target.contextTokens, known?.contextTokens),
		),
		firstByteMs: local ? firstByteMs.local : firstByteMs.cloud,
		idleMs,
	};
}

/** A gateway may do without, so it is given little time and may fail. */
async function capabilitiesInTime(
	provider: Provider,
	model: string,
	signal: AbortSignal,
): Promise<Capabilities | undefined> {
	const inTime = AbortSignal.any([signal, AbortSignal.timeout(capabilitiesMs)]);
	return provider.capabilities(model, {signal: inTime}).catch(() => undefined);
}

const capabilitiesMs = 5_000;

/** The person may give a model less context than its server has. */
function contextOf(wanted: number | undefined, known: number | null | undefined): number | null {
	return wanted === undefined ? (known ?? null) : Math.min(wanted, known ?? wanted);
}

/**
 * Whether the address, from the person's input or the environment, is the vendor's own. False for
 * an invalid address.
 */
export function isVendorAddress(
	type: ProviderType,
	baseUrl: string | undefined,
	environment: Environment,
): boolean {
	try {
		return (
			type !== 'demo' && endpointOf(settingsFromEnvironment(type, environment, {baseUrl})).isVendor
		);
	} catch {
		return false;
	}
}

/** The server's number of slots, if valid. */
function atLeastOne(slots: number | null | undefined): number | undefined {
	return typeof slots === 'number' && Number.isInteger(slots) && slots >= 1 ? slots : undefined;
}

/** At most half of the context, to leave room for the prompt. */
function outputTokens(
	wanted: number | undefined,
	max: number | null | undefined,
	context: number | null | undefined,
): number {
	return Math.max(
		256,
		Math.min(
			max ?? Infinity,
			Math.floor((context ?? Infinity) / 2),
			wanted ?? defaultMaxOutputTokens,
		),
	);
}
