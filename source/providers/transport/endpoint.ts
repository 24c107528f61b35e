import {parseAddress} from './address.ts';
import type {DialectName, RequestOptions} from '../../core/settings.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {isAzureUrl, isVendorUrl, providerDefaults, type HttpProviderType} from '../defaults.ts';
import {ProviderError, type ProviderSettings, type Proxy} from '../provider.ts';

/** One model at one address, as named in errors. */
export type Endpoint = {
	readonly type: HttpProviderType;
	/** The address without `/v1` and trailing slash. */
	readonly url: string;
	/** The base address of OpenAI paths like `/chat/completions`. */
	readonly openAiUrl: string;
	/** Trimmed; `undefined` if there is none. Never part of a message. */
	readonly apiKey: string | undefined;
	/** Custom headers, with lower-case names. Never part of a message. */
	readonly headers: Readonly<Record<string, string>>;
	/** Whether this is the vendor's own service rather than a compatible server. */
	readonly isVendor: boolean;
	/** Whether the address is the default one. */
	readonly isDefault: boolean;
	/** See `ProviderSettings`. */
	readonly addressFrom?: string | undefined;
	readonly proxy?: Proxy | undefined;
	/** The environment variable of the key. */
	readonly keyVariable: string;
	/** Added to the address of every request. */
	readonly query: Readonly<Record<string, string>>;
	/** See `ProviderSettings`. */
	readonly service?: string | undefined;
	readonly needsKey?: boolean | undefined;
	readonly dialect?: DialectName | undefined;
	/** What requests ask for beyond the conversation. */
	readonly request?: RequestOptions | undefined;
	readonly model?: string | undefined;
};

/** Throws kind `bad-request` for an invalid address or header. */
export function endpointOf(settings: ProviderSettings): Endpoint {
	const {type} = settings;
	if (type === 'demo') {
		throw new ProviderError('bad-request', 'The demo provider has no address.');
	}

	const {baseUrl, name} = providerDefaults[type];
	const given = settings.baseUrl?.trim() || baseUrl;
	const url = parseAddress(given);
	if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) {
		const what = `"${withoutCredentials(given)}"${addressSource(settings)}`;
		throw new ProviderError('bad-request', `The base URL of ${name} is not valid: ${what}.`, {
			hint:
				url?.username || url?.password
					? 'leave out user name and password: keys come only from the environment'
					: `use an address like ${baseUrl}`,
		});
	}

	const {path, isWhole} = basePath(url, settings);
	const root = url.origin + path.replace(/\/v1$/, '');
	return {
		type,
		url: root,
		// Addresses like https://host/v1beta/openai include their version.
		openAiUrl: isWhole || /\/v\d/.test(path) ? url.origin + path : `${root}/v1`,
		apiKey: settings.apiKey?.trim() || undefined,
		headers: headersOf(settings),
		isVendor: isVendorUrl(type, url.href),
		isDefault: root.replace('//localhost', '//127.0.0.1') === baseUrl,
		addressFrom: settings.addressFrom,
		proxy: settings.proxy,
		keyVariable: settings.keyVariable ?? providerDefaults[type].keyVariable,
		query: {...Object.fromEntries(url.searchParams), ...settings.query},
		request: settings.request,
		service: settings.service,
		needsKey: settings.needsKey,
		dialect: settings.dialect,
	};
}

/**
 * The path that requests are below. `isWhole`: the address was that of one method (`…/chat/completions`), so
 * it has its version, or needs none.
 */
function basePath(
	url: URL,
	settings: ProviderSettings,
): {readonly path: string; readonly isWhole: boolean} {
	const given = url.pathname.replace(/\/+$/, '');
	if (settings.type === 'openai' && isAzureUrl(url.href)) {
		return {path: azurePath(url.origin, given, settings), isWhole: false};
	}

	const path = given.replace(/\/(chat\/completions|responses|messages|models)$/, '');
	return {path, isWhole: path !== given};
}

/**
 * A resource of Azure has its API at `/openai/v1`; its older addresses, one for each deployment, have another
 * protocol. Throws kind `bad-request` for those.
 * https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
 */
function azurePath(origin: string, given: string, settings: ProviderSettings): string {
	if (/\/deployments(\/|$)/.test(given)) {
		throw new ProviderError(
			'bad-request',
			`The base URL is that of one deployment${addressSource(settings)}: "${origin}${given}".`,
			{hint: `use ${origin}/openai/v1, and the name of the deployment as the model`},
		);
	}

	const isApi = given === '' || given === '/openai' || /^\/openai\/v1(\/|$)/.test(given);
	return isApi ? '/openai/v1' : given;
}

/** ` (from OLLAMA_HOST)`, if known. */
export function addressSource({addressFrom}: Pick<Endpoint, 'addressFrom'>): string {
	return addressFrom === undefined ? '' : ` (from ${addressFrom})`;
}

/** The given address, without any part that may hold a key. */
function withoutCredentials(given: string): string {
	const shown = given.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@').replace(/[?#].*$/s, '');
	return shorten(sanitizeLine(shown), 100);
}

/**
 * Throws kind `auth` if this endpoint would certainly reject a request, or if the key contains
 * characters that are not allowed in a header.
 */
export function requireKey(endpoint: Endpoint): void {
	const {apiKey, keyVariable, service, needsKey, url} = endpoint;
	const {name} = providerDefaults[endpoint.type];
	if (lacksKey(endpoint)) {
		const who = service ?? (needsKey === true ? `The server at ${url}` : name);
		throw new ProviderError('auth', `${who} needs a key.`, {hint: `set ${keyVariable}`});
	}

	// Quotation marks come from files that are not read by a shell.
	if (apiKey !== undefined && !/^[\x21\x23-\x26\x28-\x7e]+$/.test(apiKey)) {
		throw new ProviderError('auth', `The key for ${service ?? name} contains invalid characters.`, {
			hint: `check ${keyVariable}`,
		});
	}
}

/** Whether a key is needed, but neither set nor in a header. */
export function lacksKey(endpoint: Endpoint): boolean {
	const {type, apiKey, isVendor, needsKey = providerDefaults[type].needsKey && isVendor} = endpoint;
	return needsKey && apiKey === undefined && keyHeader(endpoint) === undefined;
}

/** The name of the custom header that carries a key, if there is one. */
export function keyHeader({headers}: Pick<Endpoint, 'headers'>): string | undefined {
	return ['authorization', 'x-api-key', 'api-key'].find(name => name in headers);
}

/** The headers of every request: the custom ones, and the key unless one of them carries it. */
export function authHeaders(endpoint: Endpoint): Readonly<Record<string, string>> {
	const {apiKey, headers} = endpoint;
	return apiKey === undefined || keyHeader(endpoint)
		? headers
		: {...keyAs(endpoint, apiKey), ...headers};
}

function keyAs({type, url}: Endpoint, key: string): Readonly<Record<string, string>> {
	return type === 'openai' && isAzureUrl(url) ? {'api-key': key} : {Authorization: `Bearer ${key}`};
}

/** Names as in RFC 9110, 5.6.2; values of visible characters, spaces and tabs (5.5). */
function headersOf({type, headers = {}}: ProviderSettings): Endpoint['headers'] {
	const invalid = (name: string, reason: string, hint: string) =>
		new ProviderError('bad-request', `The header ${JSON.stringify(name)} ${reason}.`, {
			hint: `${hint} (headers of provider ${type})`,
		});
	return Object.fromEntries(
		Object.entries(headers).map(([given, text]) => {
			const name = given.trim().toLowerCase();
			const value = text.trim();
			if (!/^[!#$%&'*+.^_`|~\w-]{1,256}$/.test(name)) {
				const shown = name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
				throw invalid(shown, 'has an invalid name', 'use letters, digits and -');
			}

			if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
				throw invalid(name, 'has an invalid value', 'keep it on one line of text');
			}

			if (ownHeaders.has(name)) {
				throw invalid(name, 'is set by the program itself', 'leave it out');
			}

			return [name, value];
		}),
	);
}

/** Headers about the body and the connection, which must be correct. */
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
