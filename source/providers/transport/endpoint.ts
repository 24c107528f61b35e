import {sanitizeLine, shorten} from '../../core/text.ts';
import {providerDefaults, type HttpProviderType} from '../defaults.ts';
import {ProviderError, type ProviderSettings} from '../provider.ts';

/** One model at one address, as errors name it. */
export type Endpoint = {
	readonly type: HttpProviderType;
	/** The address without `/v1` and without a slash at its end. */
	readonly url: string;
	/** The address that paths like `/chat/completions` of the OpenAI protocol follow. */
	readonly openAiUrl: string;
	/** Trimmed; `undefined` when there is none. Never part of a message. */
	readonly apiKey: string | undefined;
	/** A person's own headers, names in lower case. Never part of a message. */
	readonly headers: Readonly<Record<string, string>>;
	/** Whether this is the vendor's own service, not a server that speaks its protocol. */
	readonly isVendor: boolean;
	/** Whether nobody wrote another address than the usual one. */
	readonly isUsual: boolean;
	/** See `ProviderSettings`. */
	readonly addressFrom?: string | undefined;
	readonly model?: string | undefined;
};

/** Throws kind `bad-request` for an address, or a header, that cannot be one. */
export function endpointOf(settings: ProviderSettings): Endpoint {
	const {type} = settings;
	if (type === 'demo') {
		throw new ProviderError('bad-request', 'The demo provider has no address.');
	}

	const {baseUrl, name} = providerDefaults[type];
	const given = settings.baseUrl?.trim() || baseUrl;
	const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`);
	if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) {
		const what = `"${withoutCredentials(given)}"${sourceOf(settings)}`;
		throw new ProviderError('bad-request', `The base URL of ${name} is not usable: ${what}.`, {
			hint:
				url?.username || url?.password
					? 'leave out user name and password: keys come from the environment only'
					: `give an address like ${baseUrl}`,
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
		headers: headersOf(settings),
		isVendor: vendorHosts[type]?.test(url.hostname) ?? false,
		isUsual: root.replace('//localhost', '//127.0.0.1') === baseUrl,
		addressFrom: settings.addressFrom,
	};
}

/** ` (from OLLAMA_HOST)`, where it is known. */
export function sourceOf({addressFrom}: Pick<Endpoint, 'addressFrom'>): string {
	return addressFrom === undefined ? '' : ` (from ${addressFrom})`;
}

/** An address as it was given, up to what may hold a key. */
function withoutCredentials(given: string): string {
	const shown = given.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@').replace(/[?#].*$/s, '');
	return shorten(sanitizeLine(shown), 100);
}

/**
 * Throws kind `auth` when a request to this endpoint could only be refused, or would put something
 * into a header that cannot be there.
 */
export function requireKey(endpoint: Endpoint): void {
	const {apiKey, isVendor} = endpoint;
	const {name, needsKey, keyVariable} = providerDefaults[endpoint.type];
	if (apiKey === undefined && keyHeader(endpoint) === undefined && needsKey && isVendor) {
		throw new ProviderError('auth', `${name} needs a key.`, {hint: `set ${keyVariable}`});
	}

	if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
		throw new ProviderError('auth', `The key for ${name} has characters that no key has.`, {
			hint: `check ${keyVariable}`,
		});
	}
}

/** The name of the header with which a person brings a key of their own, if there is one. */
export function keyHeader({headers}: Pick<Endpoint, 'headers'>): string | undefined {
	return ['authorization', 'x-api-key', 'api-key'].find(name => name in headers);
}

/** The headers that every request carries: a person's own, and the key unless one of them is one. */
export function bearer(endpoint: Endpoint): Record<string, string> {
	const {apiKey, headers} = endpoint;
	const key: Record<string, string> =
		apiKey === undefined || keyHeader(endpoint) ? {} : {Authorization: `Bearer ${apiKey}`};
	return {...key, ...headers};
}

/** Names as RFC 9110, 5.6.2 has them; values of visible characters, blanks and tabs (5.5). */
function headersOf({type, headers = {}}: ProviderSettings): Endpoint['headers'] {
	const wrong = (name: string, reason: string, hint: string) =>
		new ProviderError('bad-request', `The header ${JSON.stringify(name)} ${reason}.`, {
			hint: `${hint} (headers of provider ${type})`,
		});
	return Object.fromEntries(
		Object.entries(headers).map(([given, text]) => {
			const name = given.trim().toLowerCase();
			const value = text.trim();
			if (!/^[!#$%&'*+.^_`|~\w-]{1,256}$/.test(name)) {
				const shown = name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
				throw wrong(shown, 'has a name that HTTP does not allow', 'use letters, digits and -');
			}

			if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
				throw wrong(name, 'has a value that HTTP does not allow', 'keep it on one line of text');
			}

			if (ownHeaders.has(name)) {
				throw wrong(name, 'is set by the program itself', 'leave it out');
			}

			return [name, value];
		}),
	);
}

/** What describes the body and the connection, and so has to be right. */
const ownHeaders: ReadonlySet<string> = new Set([
	'connection',
	'content-encoding',
	'content-length',
	'content-type',
	'expect',
	'keep-alive',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/** Servers that speak a vendor's protocol are no vendors, also when they are another vendor's. */
const vendorHosts: Partial<Readonly<Record<HttpProviderType, RegExp>>> = {
	anthropic: /(^|\.)anthropic\.com$/,
	openai: /(^|\.)(openai\.com|openai\.azure\.com)$/,
};
