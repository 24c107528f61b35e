import {parseAddress} from './transport/address.ts';
import type {Environment} from '../core/environment.ts';
import type {ProviderType} from '../core/settings.ts';
import type {ProviderSettings} from './provider.ts';
import {proxyFor} from './transport/proxy.ts';

/** The providers that are accessed over HTTP. */
export type HttpProviderType = Exclude<ProviderType, 'demo'>;

export type ProviderDefaults = {
	/** Display name. */
	readonly name: string;
	readonly baseUrl: string;
	/** The environment variable that holds the key. */
	readonly keyVariable: string;
	/** Whether the default address requires a key. */
	readonly needsKey: boolean;
	/** The environment variable that overrides the address. */
	readonly baseUrlVariable?: string;
	/** `undefined`: whatever the server has loaded, see `chooseModel`. */
	readonly model?: string;
	/** What to do if there is no response at the default address. */
	readonly startHint: string;
};

/**
 * Addresses, keys and models per provider. Model ids: the type unions of @anthropic-ai/sdk 1.12 and
 * openai 7.57; ports: the documentation of each server.
 */
export const providerDefaults: Readonly<Record<HttpProviderType, ProviderDefaults>> = {
	anthropic: {
		name: 'Anthropic',
		baseUrl: 'https://api.anthropic.com',
		keyVariable: 'ANTHROPIC_API_KEY',
		needsKey: true,
		baseUrlVariable: 'ANTHROPIC_BASE_URL',
		model: 'claude-sonnet-5-5',
		startHint: 'check the network connection and the base URL',
	},
	openai: {
		name: 'OpenAI',
		baseUrl: 'https://api.openai.com',
		keyVariable: 'OPENAI_API_KEY',
		needsKey: true,
		baseUrlVariable: 'OPENAI_BASE_URL',
		model: 'gpt-6.1-terra',
		startHint: 'check the network connection and the base URL',
	},
	ollama: {
		name: 'Ollama',
		baseUrl: 'http://127.0.0.1:11434',
		keyVariable: 'OLLAMA_API_KEY',
		needsKey: false,
		baseUrlVariable: 'OLLAMA_HOST',
		startHint: 'run: ollama serve',
	},
	lmstudio: {
		name: 'LM Studio',
		baseUrl: 'http://127.0.0.1:1234',
		keyVariable: 'LM_API_TOKEN',
		needsKey: false,
		startHint: 'run: lms server start',
	},
	'llama-server': {
		name: 'llama-server',
		baseUrl: 'http://127.0.0.1:8080',
		keyVariable: 'LLAMA_API_KEY',
		needsKey: false,
		startHint: 'run: llama-server --jinja -m <model.gguf>',
	},
};

/**
 * How to reach a provider: from the person's input (`overrides`), otherwise from the environment. A
 * default address is left out, so that equivalent settings are equal. `addressFrom` is where the
 * person set the address; default: the team's settings.
 *
 * A vendor's key only goes to the vendor, or to the address that the vendor's own variable names: the
 * person set them together. At any other address, the key is that of `keyVariable`, by default
 * `LLM_ORCHESTRATOR_API_KEY`, for Azure `AZURE_OPENAI_API_KEY`.
 */
export function settingsFromEnvironment(
	type: ProviderType,
	environment: Environment,
	overrides: Partial<
		Pick<ProviderSettings, 'baseUrl' | 'addressFrom' | 'apiKey' | 'keyVariable'>
	> = {},
): ProviderSettings {
	if (type === 'demo') {
		return {type};
	}

	const {keyVariable: ownVariable, baseUrlVariable} = providerDefaults[type];
	const read = (name: string | undefined) =>
		(name === undefined ? undefined : environment[name]?.trim()) || undefined;
	const address = read(baseUrlVariable);
	const byEnvironment = type === 'ollama' && address ? urlOfOllamaHost(address) : address;
	const {addressFrom = "the team's settings"} = overrides;
	const baseUrl = overrides.baseUrl ?? byEnvironment;
	const from = overrides.baseUrl === undefined ? baseUrlVariable : addressFrom;
	const isForeign =
		overrides.baseUrl !== undefined &&
		vendorHosts[type] !== undefined &&
		!isVendorUrl(type, overrides.baseUrl);
	const byDefault =
		overrides.baseUrl !== undefined && isAzureUrl(overrides.baseUrl)
			? azureKeyVariable
			: isForeign
				? foreignKeyVariable
				: ownVariable;
	const keyVariable = overrides.keyVariable ?? byDefault;
	const apiKey = overrides.apiKey ?? read(keyVariable);
	const proxy = proxyFor(baseUrl ?? providerDefaults[type].baseUrl, environment);
	return {
		type,
		...(proxy === undefined ? {} : {proxy}),
		...(baseUrl === undefined ? {} : {baseUrl, addressFrom: from}),
		keyVariable,
		...(apiKey === undefined ? {} : {apiKey}),
	};
}

/** Holds the key for addresses that are not the vendor's. */
export const foreignKeyVariable = 'LLM_ORCHESTRATOR_API_KEY';

/** As in Microsoft's examples: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle */
const azureKeyVariable = 'AZURE_OPENAI_API_KEY';

/**
 * Whether an address is a resource of Azure: its deployments have any name, and keys are sent as `api-key`.
 * https://learn.microsoft.com/azure/ai-foundry/openai/reference
 */
export function isAzureUrl(address: string): boolean {
	const host = parseAddress(address)?.hostname ?? '';
	return /\.(openai|services\.ai|cognitiveservices)\.azure\.(com|us|cn)$/.test(host);
}

/** A compatible server is not a vendor, even if it belongs to another vendor. */
const vendorHosts: Partial<Readonly<Record<HttpProviderType, RegExp>>> = {
	anthropic: /(^|\.)anthropic\.com$/,
	openai: /(^|\.)(openai\.com|openai\.azure\.com)$/,
};

/** Whether an address is the vendor's own service rather than a compatible server. */
export function isVendorUrl(type: HttpProviderType, address: string): boolean {
	const url = parseAddress(address);
	return url !== null && (vendorHosts[type]?.test(url.hostname) ?? false);
}

/**
 * The address that a client uses for a value of OLLAMA_HOST, which also tells the server where to
 * listen: the scheme defaults to http, the port to 11434, and "all interfaces" means this machine.
 * A value with a scheme other than http or https is returned unchanged.
 * https://github.com/ollama/ollama/blob/main/envconfig/config.go
 */
function urlOfOllamaHost(value: string): string {
	const text = value.trim().replace(/^["']|["']$/g, '');
	const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i.exec(text) ?? [];
	if (scheme !== undefined && !/^https?$/i.test(scheme)) {
		return text;
	}

	const withHost = rest === '' || /^[:/]/.test(rest) ? `127.0.0.1${rest}` : rest;
	const url = URL.parse(`${scheme ?? 'http'}://${withHost}`);
	if (url === null) {
		return text;
	}

	if (scheme === undefined && url.port === '' && !/^[^/]*:80(\/|$)/.test(withHost)) {
		url.port = '11434';
	}

	if (url.hostname === '0.0.0.0') {
		url.hostname = '127.0.0.1';
	} else if (url.hostname === '[::]') {
		url.hostname = '[::1]';
	}

	return url.href.replace(/\/$/, '');
}

/** What to use instead of a model that its vendor has retired; `undefined` for all others. */
export function retiredModelHint(model: string): string | undefined {
	const line = retiredLines.find(({pattern}) => pattern.test(model));
	return line && `${model} is retired; use ${line.successor}`;
}

/** https://platform.claude.com/docs/en/about-claude/model-deprecations */
const retiredLines = [
	{pattern: /^claude-(instant|1|2)/, successor: 'claude-sonnet-5-5'},
	{pattern: /^claude-3.*-haiku/, successor: 'claude-haiku-5-5'},
	{pattern: /^claude-3.*-opus/, successor: 'claude-opus-5-5'},
	{pattern: /^claude-3/, successor: 'claude-sonnet-5-5'},
] as const;
