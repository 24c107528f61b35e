import {systemClock} from '../compose/clock.ts';
import {openProvider} from '../compose/connect.ts';
import {toFailure} from '../core/failure.ts';
import {sanitizeLine, shorten} from '../core/text.ts';
import {
	providerDefaults,
	settingsFromEnvironment,
	type Environment,
	type HttpProviderType,
} from '../providers/defaults.ts';
import type {Io} from './io.ts';

export type FoundProvider = {
	readonly type: HttpProviderType;
	/** `key`: a key is set (vendors are not called for that); `up`, `loading`, `down`: a server's state. */
	readonly state: 'key' | 'up' | 'loading' | 'unauthorized' | 'down' | 'no-key';
	readonly detail: string;
	readonly models: readonly string[];
};

/** How long a server has to answer, in ms. */
const patienceMs = 900;

/** Looks for keys in the environment and servers at their usual addresses, all at once. */
export async function findProviders(environment: Environment): Promise<readonly FoundProvider[]> {
	const types = Object.keys(providerDefaults) as HttpProviderType[];
	return Promise.all(types.map(async type => find(type, environment)));
}

export function printProviders(found: readonly FoundProvider[], io: Io): void {
	for (const {type, state, detail, models} of found) {
		const good = state === 'up' || state === 'key';
		const list =
			models.length === 0 ? '' : ` · ${shorten(models.map(sanitizeLine).join(', '), 70)}`;
		const mark = io.paint(good ? 'good' : 'quiet', good ? '✓' : '–');
		io.print(`${mark} ${type.padEnd(13)} ${sanitizeLine(detail)}${list}`);
	}
}

async function find(type: HttpProviderType, environment: Environment): Promise<FoundProvider> {
	const {keyVariable, needsKey, startHint} = providerDefaults[type];
	const {apiKey, baseUrl} = settingsFromEnvironment(type, environment);
	if (needsKey) {
		return apiKey === undefined
			? {type, state: 'no-key', detail: `set ${keyVariable}`, models: []}
			: {type, state: 'key', detail: `${keyVariable} is set`, models: []};
	}

	const signal = AbortSignal.timeout(patienceMs);
	try {
		const provider = await openProvider(type, baseUrl, {
			environment,
			clock: systemClock,
			pace: 'fast',
		});
		const health = await provider.health({signal});
		if (health.state === 'up') {
			const models = (await provider.models({signal})).map(({id}) => id);
			return {type, state: 'up', detail: `answers at ${provider.endpoint}`, models};
		}

		const detail =
			'message' in health ? `${health.message} → ${health.hint}` : 'is loading a model';
		return {type, state: health.state, detail, models: []};
	} catch (error) {
		const {message} = toFailure(error);
		const detail = signal.aborted ? `no answer within ${patienceMs} ms → ${startHint}` : message;
		return {type, state: 'down', detail, models: []};
	}
}
