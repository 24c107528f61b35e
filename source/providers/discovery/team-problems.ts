import {sanitizeLine} from '../../core/text.ts';
import type {Environment} from '../../core/environment.ts';
import {providerDefaults, settingsFromEnvironment, type HttpProviderType} from '../defaults.ts';
import {lookUpProviders, type DiscoverOptions} from './discover.ts';
import {endpointOf} from '../transport/endpoint.ts';
import type {FoundProvider} from './found-provider.ts';
import {isListed, missingModelHint, listAlternatives} from '../failures/missing-model.ts';

/**
 * A provider that a team needs; without a model, the vendor's default or whatever the server has.
 */
export type RequiredProvider = {
	/** Types without HTTP, like the demo, need nothing. */
	readonly type: string;
	readonly model?: string | undefined;
	readonly baseUrl?: string | undefined;
};

/**
 * Problems of a team's providers: a missing key, server or model; one line each, with what to do.
 * Like `findProviders`, it doesn't call vendors and gives all servers `patienceMs` in total;
 * anything else that they don't report in time is assumed to be fine. Never rejects.
 */
export async function findTeamProblems(
	needed: readonly RequiredProvider[],
	environment: Environment,
	options: DiscoverOptions = {},
): Promise<readonly string[]> {
	const members = needed.filter(isHttpProvider);
	const addresses = new Map(members.map(member => [addressOf(member), member]));
	const targets = [...addresses.values()].map(({type, baseUrl}) => ({
		type,
		baseUrl,
		withCapabilities: false,
	}));
	const all = await lookUpProviders(targets, environment, options);
	const found = new Map([...addresses.keys()].map((address, index) => [address, all[index]]));
	const lacks = members.map(member => problemOf(member, found.get(addressOf(member)), environment));
	return [...new Set(lacks.filter(lack => lack !== undefined))];
}

type HttpRequirement = RequiredProvider & {readonly type: HttpProviderType};

function isHttpProvider(needed: RequiredProvider): needed is HttpRequirement {
	return Object.hasOwn(providerDefaults, needed.type);
}

function addressOf({type, baseUrl = ''}: HttpRequirement): string {
	return `${type} ${baseUrl}`;
}

function problemOf(
	{type, model, baseUrl}: HttpRequirement,
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
			return modelProblem(wanted, `${name} at ${url}`, found);
		}
	}
}

function modelProblem(
	wanted: string | undefined,
	who: string,
	{type, models, hint}: FoundProvider,
): string | undefined {
	if (models.length === 0) {
		// Without a hint, the list is unknown rather than empty.
		const lacking = wanted === undefined ? hint : missingModelHint(type, wanted, undefined);
		return hint === undefined ? undefined : `${who} has no models → ${lacking ?? hint}`;
	}

	if (wanted === undefined || isListed(type, wanted, models)) {
		return undefined;
	}

	const instead = `use an available one: ${listAlternatives(wanted, models)}`;
	const next = missingModelHint(type, sanitizeLine(wanted), instead);
	return `${who} does not list the model "${sanitizeLine(wanted)}" → ${next ?? instead}`;
}
