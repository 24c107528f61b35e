import type {Clock} from '../core/clock.ts';
import {untilAborted} from '../core/until-aborted.ts';
import type {AgentProfile} from '../core/settings.ts';
import {createScriptedProvider, type Pace} from '../demo/scripted-provider.ts';
import type {Connect, Connection} from '../engine/model-caller.ts';
import {chooseModel} from '../providers/choose-model.ts';
import {
	retiredModelHint,
	settingsFromEnvironment,
	type Environment,
} from '../providers/defaults.ts';
import {createProvider} from '../providers/factory.ts';
import {createFetch, type Fetch} from '../providers/fetch.ts';
import {providerTypes, type ProviderType} from '../core/settings.ts';
import {ProviderError, type Provider} from '../providers/provider.ts';

/** Tokens that one answer may have, where the server does not say. */
const defaultMaxOutputTokens = 8_192;

const idleMs = 60_000;

/** A local server may load a model, or serve others first, before it says anything. */
const firstByteMs = {local: 15 * 60_000, cloud: 3 * 60_000};

export type ConnectOptions = {
	readonly environment: Environment;
	readonly clock: Clock;
	/** Reading speed of the scripted model. */
	readonly pace: Pace;
	readonly fetch?: Fetch | undefined;
};

/** Makes the adapter for a type of provider, from what a person wrote and the environment. */
export async function openProvider(
	type: ProviderType,
	baseUrl: string | undefined,
	{environment, clock, pace, fetch = createFetch()}: ConnectOptions,
): Promise<Provider> {
	return type === 'demo'
		? createScriptedProvider({pace, clock})
		: createProvider(settingsFromEnvironment(type, environment, {baseUrl}), {fetch});
}

/** Connects agents to their models; equal profiles share one connection. */
export function createConnect(options: ConnectOptions): Connect {
	const fetch = options.fetch ?? createFetch();
	const connections = new Map<string, Promise<Connection>>();
	return async (profile, signal) => {
		const key = [profile.provider, profile.baseUrl ?? '', profile.model].join('\n');
		let connection = connections.get(key);
		if (!connection) {
			// Shared, so it does not end with whoever asked for it first.
			connection = connect(profile, AbortSignal.timeout(firstByteMs.local), {...options, fetch});
			connections.set(key, connection);
			connection.catch(() => connections.delete(key));
		}

		return untilAborted(connection, signal);
	};
}

async function connect(
	profile: AgentProfile,
	signal: AbortSignal,
	options: ConnectOptions,
): Promise<Connection> {
	const type = providerTypes.find(name => name === profile.provider);
	if (!type) {
		throw new ProviderError('bad-request', `there is no provider "${profile.provider}"`);
	}

	const retired = retiredModelHint(profile.model);
	if (retired !== undefined) {
		throw new ProviderError('model-missing', retired, {hint: 'change the model of the team'});
	}

	const provider = await openProvider(type, profile.baseUrl, options);
	const model = profile.model === '' ? await chooseModel(provider, {signal}) : profile.model;
	const local = type === 'ollama' || type === 'lmstudio' || type === 'llama-server';
	const known = local ? await provider.capabilities(model, {signal}) : undefined;
	return {
		provider,
		model,
		parallelCalls: known?.parallelCalls ?? (type === 'ollama' ? 1 : Number.POSITIVE_INFINITY),
		maxOutputTokens: outputTokens(known?.maxOutputTokens, known?.contextTokens),
		firstByteMs: local ? firstByteMs.local : firstByteMs.cloud,
		idleMs,
	};
}

/** At most half of the context, so that a prompt fits beside the answer. */
function outputTokens(max: number | null | undefined, context: number | null | undefined): number {
	return Math.max(
		256,
		Math.min(
			max ?? defaultMaxOutputTokens,
			Math.floor((context ?? Infinity) / 2),
			defaultMaxOutputTokens,
		),
	);
}
