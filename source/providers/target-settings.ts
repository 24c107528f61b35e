import type {Environment} from '../core/environment.ts';
import {presetOf} from '../core/provider-presets.ts';
import {
	isProviderType,
	requestOptionsSchema,
	type ModelTarget,
	type ProviderType,
} from '../core/settings.ts';
import {expandVariables} from '../core/variable-references.ts';
import {isAzureUrl, settingsFromEnvironment} from './defaults.ts';
import {ProviderError, type ProviderSettings} from './provider.ts';
import {endpointOf} from './transport/endpoint.ts';

/** A model at an address; for what concerns the address alone, the model may be left out. */
export type AddressedTarget = Omit<ModelTarget, 'model'>;

/**
 * How to reach a target. `addressFrom`: where the person set the address, for messages; default: the settings
 * of the service or the team.
 * Throws `ProviderError`: kind `bad-request` for an unknown provider or a service without an address, `auth` for
 * a header or query whose variable is not set.
 */
export function settingsOfTarget(
	target: AddressedTarget,
	environment: Environment,
	addressFrom?: string,
): ProviderSettings {
	const type = typeOf(target);
	if (type === undefined) {
		throw new ProviderError('bad-request', `unknown provider "${target.provider}"`);
	}

	const service = serviceOf(target);
	const preset = service === undefined ? undefined : presetOf(service);
	const {keyVariable, headers, query, contextTokens, dialect} = target;
	const found = addressOf(target, service, environment);
	const ofService = service === undefined ? undefined : `the settings of ${service}`;
	const from = addressFrom ?? found.from ?? ofService;
	const settings = settingsFromEnvironment(type, environment, {
		baseUrl: found.baseUrl,
		keyVariable,
		...(from === undefined ? {} : {addressFrom: from}),
	});
	// Nobody set it, so no message names where it was set.
	const isPresetAddress = found.baseUrl !== undefined && found.baseUrl === preset?.baseUrl;
	const isOptional = preset?.keyOptional === true && keyVariable === preset.keyVariable;
	return {
		...settings,
		...(isPresetAddress ? {addressFrom: undefined} : {}),
		...(keyVariable === undefined ? {} : {needsKey: !isOptional}),
		headers: headers && expandValues(headers, environment, `A header of ${target.provider}`),
		query: query && expandValues(query, environment, `The query of ${target.provider}`),
		contextTokens,
		dialect,
		request: requestOptionsSchema.parse(target),
		service,
	};
}

/** `undefined`: there is no provider of that name. */
export function typeOf({type, provider}: AddressedTarget): ProviderType | undefined {
	return type ?? (isProviderType(provider) ? provider : undefined);
}

/** The name of the service, unless it is the vendor's own. */
export function serviceOf({type, provider}: AddressedTarget): string | undefined {
	return type && provider;
}

/**
 * Whether a target is at its vendor's own address, from the person's input or the environment. Not on
 * Azure, where models have any name; false for an address that is not valid.
 */
export function isVendorTarget(target: AddressedTarget, environment: Environment): boolean {
	try {
		const {type, baseUrl} = settingsFromEnvironment(typeOf(target) ?? 'demo', environment, {
			baseUrl: target.baseUrl,
		});
		const endpoint = endpointOf({type, baseUrl});
		return endpoint.isVendor && !isAzureUrl(endpoint.url);
	} catch {
		return false;
	}
}

function addressOf(
	{baseUrl, provider}: AddressedTarget,
	service: string | undefined,
	environment: Environment,
): {readonly baseUrl?: string | undefined; readonly from?: string | undefined} {
	if (service === undefined || baseUrl !== undefined) {
		return {baseUrl};
	}

	const {baseUrlVariable: variable, addressExample = 'https://host/v1'} = presetOf(provider) ?? {};
	const found = variable === undefined ? undefined : environment[variable]?.trim();
	if (found !== undefined && found !== '') {
		return {baseUrl: found, from: variable};
	}

	const other = variable === undefined ? '' : `, or ${variable}`;
	throw new ProviderError('bad-request', `${provider} has no address.`, {
		hint: `set baseUrl in config.json: {"providers": {"${provider}": {"baseUrl": "${addressExample}"}}}${other}`,
	});
}

/** Replaces `$NAME` and `${NAME}` by environment variables; unset ones are an error. */
function expandValues(
	values: Readonly<Record<string, string>>,
	environment: Environment,
	what: string,
): Readonly<Record<string, string>> {
	const valueOf = (name: string) => {
		const found = environment[name]?.trim();
		if (found === undefined || found === '') {
			throw new ProviderError('auth', `${what} uses the variable ${name}, which is not set.`, {
				hint: `set ${name}`,
			});
		}

		return found;
	};
	return Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, expandVariables(value, valueOf)]),
	);
}
