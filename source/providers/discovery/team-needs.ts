import {sanitizeLine} from '../../core/text.ts';
import type {Environment} from '../../core/environment.ts';
import {providerDefaults, settingsFromEnvironment, type HttpProviderType} from '../defaults.ts';
import {lookAt, type DiscoverOptions} from './discover.ts';
import {endpointOf} from '../transport/endpoint.ts';
import type {FoundProvider} from './found-provider.ts';
import {isListed, missingModelHint, namesInstead} from '../failures/missing-model.ts';

/** A provider as a team has it; without a model the vendor's default, or what the server has. */
export type Needed = {
	/** What is not reached over HTTP, as the demo, lacks nothing. */
	readonly type: string;
	readonly model?: string | undefined;
	readonly baseUrl?: string | undefined;
};

/**
 * What the providers of a team lack: a key, a server, a model; one line each, with what to do. As with
 * `findProviders` vendors are not called, and all servers together have `patienceMs`; what they do not
 * tell in time is not lacking, but for their silence. Never rejects.
 */
export async function findLacks(
	needed: readonly Needed[],
	environment: Environment,
	options: DiscoverOptions = {},
): Promise<readonly string[]> {
	const members = needed.filter(isReached);
	const addresses = new Map(members.map(member => [addressOf(member), member]));
	const targets = [...addresses.values()].map(({type, baseUrl}) => ({
		type,
		baseUrl,
		withAbilities: false,
	}));
	const all = await lookAt(targets, environment, options);
	const found = new Map([...addresses.keys()].map((address, index) => [address, all[index]]));
	const lacks = members.map(member => lackOf(member, found.get(addressOf(member)), environment));
	return [...new Set(lacks.filter(lack => lack !== undefined))];
}

type Reached = Needed & {readonly type: HttpProviderType};

function isReached(needed: Needed): needed is Reached {
	return Object.hasOwn(providerDefaults, needed.type);
}

function addressOf({type, baseUrl = ''}: Reached): string {
	return `${type} ${baseUrl}`;
}

function lackOf(
	{type, model, baseUrl}: Reached,
	found: FoundProvider | undefined,
	environment: Environment,
): string | undefined {
	const {name, keyVariable, model: byDefault} = providerDefaults[type];
	switch (found?.state) {
		case undefined:
		case 'key':
		case 'loading':
			return undefined;
		case 'no-key':
			return `${keyVariable} is not set → export ${keyVariable}=<your key>`;
		case 'unauthorized':
		case 'down':
			return found.detail.startsWith(name) ? found.detail : `${name}: ${found.detail}`;
		case 'up': {
			const wanted = model ?? byDefault;
			const {url} = endpointOf(settingsFromEnvironment(type, environment, {baseUrl}));
			return modelLack(wanted, `${name} at ${url}`, found);
		}
	}
}

function modelLack(
	wanted: string | undefined,
	who: string,
	{type, models, hint}: FoundProvider,
): string | undefined {
	if (models.length === 0) {
		// Without a hint the list is not empty, it was not told.
		const lacking = wanted === undefined ? hint : missingModelHint(type, wanted, undefined);
		return hint === undefined ? undefined : `${who} has no model → ${lacking ?? hint}`;
	}

	if (wanted === undefined || isListed(type, wanted, models)) {
		return undefined;
	}

	const instead = `use one that is there: ${namesInstead(wanted, models)}`;
	const next = missingModelHint(type, sanitizeLine(wanted), instead);
	return `${who} lists no model "${sanitizeLine(wanted)}" → ${next ?? instead}`;
}
