import type {Clock} from '../core/clock.ts';
import {abortable} from '../core/abortable.ts';
import type {ModelTarget} from '../core/settings.ts';
import {createScriptedProvider, type Pace} from '../demo/scripted-provider.ts';
import type {Connect, Connection} from '../engine/model/connection.ts';
import {chooseModel} from '../providers/discovery/choose-model.ts';
import {lookUpModelFacts, priceListOf, type CustomPrices} from '../providers/prices.ts';
import type {Environment} from '../core/environment.ts';
import {retiredModelHint} from '../providers/defaults.ts';
import {createProvider} from '../providers/factory.ts';
import {createFetch, type Fetch} from '../providers/transport/fetch.ts';
import {contextHint} from '../providers/failures/hints.ts';
import {ProviderError, type Capabilities, type Provider} from '../providers/provider.ts';
import {
	isVendorTarget,
	serviceOf,
	settingsOfTarget,
	typeOf,
	type AddressedTarget,
} from '../providers/target-settings.ts';

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

/** The provider of a target. Throws kind `bad-request` for an unknown one. */
export async function openTarget(
	target: AddressedTarget,
	options: ConnectOptions,
): Promise<Provider> {
	const {environment, clock, pace, addressFrom, fetch = createFetch(environment)} = options;
	return typeOf(target) === 'demo'
		? createScriptedProvider({pace, clock})
		: createProvider(settingsOfTarget(target, environment, addressFrom), {fetch});
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
	const service = serviceOf(target);
	const model = target.model === '' ? await chooseModel(provider, {signal, service}) : target.model;
	const local = type === 'ollama' || type === 'lmstudio' || type === 'llama-server';
	const known =
		local || type === 'custom'
			? await provider.capabilities(model, {signal})
			: type === 'demo' || isVendorTarget(target, options.environment)
				? undefined
				: await capabilitiesInTime(provider, model, signal);
	const {price, contextTokens} = await lookUpModelFacts(
		{
			provider: service ?? type,
			model,
			priceList: type === 'custom' ? undefined : priceListOf(target, options.environment),
		},
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
