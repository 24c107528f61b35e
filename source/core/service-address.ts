import type {NamedProvider} from './provider-presets.ts';

/**
 * A service at another address. What its key opens is not known there, so key, headers, query and prices
 * stay behind, unless it is a program that everyone runs at an address of their own.
 */
export function atAddress(service: NamedProvider, address: string | undefined): NamedProvider {
	if (address === undefined || isSameServer(service.baseUrl, address)) {
		return address === undefined ? service : {...service, baseUrl: address};
	}

	const {type, keyVariable, keyOptional, dialect, headers, query, isConfigured} = service;
	const moves = service.baseUrl === undefined || (keyOptional === true && isConfigured !== true);
	return {
		type,
		dialect,
		isConfigured,
		baseUrl: address,
		...(moves ? {keyVariable, keyOptional, headers, query} : {}),
	};
}

/** Whether two addresses are of one server: what is set for one, such as a key, is for the other too. */
export function isSameServer(one: string | undefined, other: string): boolean {
	const origin = one === undefined ? undefined : URL.parse(one)?.origin;
	return origin !== undefined && origin === URL.parse(other)?.origin;
}
