import {sanitizeLine} from '../../core/text.ts';
import type {Environment} from '../../core/environment.ts';
import type {ModelTarget, ProviderType} from '../../core/settings.ts';
import {providerDefaults} from '../defaults.ts';
import {isListed, missingModelHint, listAlternatives} from '../failures/missing-model.ts';
import {settingsOfTarget, typeOf} from '../target-settings.ts';
import {isExposed} from '../transport/address.ts';
import {endpointOf} from '../transport/endpoint.ts';
import {hasCatalog, noDefaultModel} from './choose-model.ts';
import {lookUpProviders, needsModel, type DiscoverOptions} from './discover.ts';
import {nameOf, type FoundProvider} from './found-provider.ts';

/**
 * Problems of a team's targets: a missing key, server or model; one line each, with what to do.
 * Like `findProviders`, it doesn't call vendors and gives all servers `patienceMs` in total;
 * anything else that they don't report in time is assumed to be fine. Never rejects.
 */
export async function findTeamProblems(
	targets: readonly ModelTarget[],
	environment: Environment,
	options: DiscoverOptions = {},
): Promise<readonly string[]> {
	const needed = targets.filter(target => isHttp(typeOf(target)));
	const addresses = new Map(needed.map(target => [addressOf(target), target]));
	const asked = [...addresses.values()].map(target => ({...target, withCapabilities: false}));
	const all = await lookUpProviders(asked, environment, options);
	const found = new Map([...addresses.keys()].map((address, index) => [address, all[index]]));
	const lacks = needed.flatMap(target => {
		const provider = found.get(addressOf(target));
		return provider ? problemsOf(target, provider, environment) : [];
	});
	return [...new Set(lacks)];
}

function isHttp(type: ProviderType | undefined): boolean {
	return type !== undefined && Object.hasOwn(providerDefaults, type);
}

function addressOf({provider, baseUrl, keyVariable, headers, query}: ModelTarget): string {
	return JSON.stringify([provider, baseUrl, keyVariable, headers, query]);
}

function problemsOf(
	target: ModelTarget,
	found: FoundProvider,
	environment: Environment,
): readonly string[] {
	const name = found.service ?? providerDefaults[found.type].name;
	return [
		serverProblem(target, {...found, name}, environment),
		unnamedModel(target, found),
		exposedKey(target, name, environment),
	].filter(line => line !== undefined);
}

function serverProblem(
	target: ModelTarget,
	found: FoundProvider & {readonly name: string},
	environment: Environment,
): string | undefined {
	const {state, detail, name} = found;
	switch (state) {
		case 'key':
		case 'loading':
			return undefined;
		case 'no-key': {
			const {keyVariable = ''} = settingsOfTarget(target, environment);
			return `${keyVariable} is not set → export ${keyVariable}=<your key>`;
		}

		case 'unauthorized':
		case 'down':
			return namesIt(detail, name) ? detail : `${name}: ${detail}`;
		case 'up': {
			const {url} = endpointOf(settingsOfTarget(target, environment));
			return modelProblem(target, `${name} at ${url}`, found);
		}
	}
}

/** No model was named, and the server did not list any to name: otherwise, `modelProblem` names them. */
function unnamedModel({model}: ModelTarget, found: FoundProvider): string | undefined {
	const {type, service, state} = found;
	return service !== undefined && model === '' && state !== 'up' && hasCatalog(type)
		? `${noDefaultModel(service)} → name one: --provider ${service}:MODEL`
		: undefined;
}

/** Whether what is wrong, before what to do about it, has the name of the provider. */
function namesIt(detail: string, name: string): boolean {
	const [what = ''] = detail.split(' → ');
	return what.includes(name);
}

/** A key that is sent over the internet as plain text. */
function exposedKey(
	target: ModelTarget,
	name: string,
	environment: Environment,
): string | undefined {
	try {
		const endpoint = endpointOf(settingsOfTarget(target, environment));
		const isExposedKey = endpoint.apiKey !== undefined && isExposed(new URL(endpoint.url));
		return isExposedKey
			? `the key of ${name} is sent to ${endpoint.url} unencrypted → use an address with https://`
			: undefined;
	} catch {
		return undefined;
	}
}

function modelProblem(target: ModelTarget, who: string, found: FoundProvider): string | undefined {
	const {type, models, hint, service} = found;
	const byDefault = service === undefined ? providerDefaults[type].model : undefined;
	const wanted = target.model === '' ? byDefault : target.model;
	if (models.length === 0) {
		// Without a hint, the list is unknown rather than empty.
		const lacking = wanted === undefined ? hint : missingModelHint(type, wanted, undefined);
		return hint === undefined ? undefined : `${who} has no models → ${lacking ?? hint}`;
	}

	if (wanted === undefined) {
		return needsModel(found)
			? `${noDefaultModel(nameOf(found))} → name one of its models: ${listAlternatives('', models)}`
			: undefined;
	}

	if (isListed(type, wanted, models)) {
		return undefined;
	}

	const instead = `use an available one: ${listAlternatives(wanted, models)}`;
	const next = missingModelHint(type, sanitizeLine(wanted), instead);
	return `${who} does not list the model "${sanitizeLine(wanted)}" → ${next ?? instead}`;
}
