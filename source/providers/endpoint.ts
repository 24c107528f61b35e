import {providerDefaults, type HttpProviderType} from './defaults.ts';
import {ProviderError, type ProviderSettings} from './provider.ts';

/** One model at one address, as errors name it. */
export type Endpoint = {
	readonly type: HttpProviderType;
	/** The address without `/v1` and without a slash at its end. */
	readonly url: string;
	/** The address that paths like `/chat/completions` of the OpenAI protocol follow. */
	readonly openAiUrl: string;
	/** Trimmed; `undefined` when there is none. Never part of a message. */
	readonly apiKey: string | undefined;
	/** Whether this is the vendor's own service, not a server that speaks its protocol. */
	readonly isVendor: boolean;
	readonly model?: string | undefined;
};

/** Throws kind `bad-request` for an address that cannot be one. */
export function endpointOf(settings: ProviderSettings): Endpoint {
	const {type} = settings;
	if (type === 'demo') {
		throw new ProviderError('bad-request', 'The demo provider has no address.');
	}

	const {baseUrl, name} = providerDefaults[type];
	const given = settings.baseUrl?.trim() || baseUrl;
	const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`);
	if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) {
		throw new ProviderError('bad-request', `The base URL of ${name} is not usable.`, {
			hint: `give an address like ${baseUrl}, without user name and password`,
		});
	}

	const path = url.pathname.replace(/\/+$/, '');
	const root = url.origin + path.replace(/\/v1$/, '');
	return {
		type,
		url: root,
		// Addresses like https://host/v1beta/openai name their version themselves.
		openAiUrl: /\/v\d/.test(path) ? url.origin + path : `${root}/v1`,
		apiKey: settings.apiKey?.trim() || undefined,
		isVendor: vendorHosts.test(url.hostname),
	};
}

/**
 * Throws kind `auth` when a request to this endpoint could only be refused, or would put something
 * into a header that cannot be there.
 */
export function requireKey(endpoint: Endpoint): void {
	const {name, needsKey, keyVariable} = providerDefaults[endpoint.type];
	if (endpoint.apiKey === undefined && needsKey && endpoint.isVendor) {
		throw new ProviderError('auth', `${name} needs a key.`, {hint: `set ${keyVariable}`});
	}

	if (endpoint.apiKey !== undefined && !/^[\x21-\x7e]+$/.test(endpoint.apiKey)) {
		throw new ProviderError('auth', `The key for ${name} has characters that no key has.`, {
			hint: `check ${keyVariable}`,
		});
	}
}

/** The header that carries the key to every server but Anthropic's, whose SDK makes its own. */
export function bearer(endpoint: Endpoint): Record<string, string> {
	return endpoint.apiKey === undefined ? {} : {Authorization: `Bearer ${endpoint.apiKey}`};
}

const vendorHosts = /(^|\.)(anthropic\.com|openai\.com|openai\.azure\.com)$/;
