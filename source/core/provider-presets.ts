import type {DialectName, ProviderType} from './settings.ts';

/** A service under a name of its own that speaks the protocol of a type of provider. */
export type NamedProvider = {
	readonly type: Exclude<ProviderType, 'demo'>;
	/** Absent: each person has an address of their own. */
	readonly baseUrl?: string | undefined;
	/** The environment variable that holds the address if none is set. */
	readonly baseUrlVariable?: string | undefined;
	/** What such an address looks like. */
	readonly addressExample?: string | undefined;
	/** The environment variable that holds its key. */
	readonly keyVariable?: string | undefined;
	/** Whether it can be used without a key. */
	readonly keyOptional?: boolean | undefined;
	readonly dialect?: DialectName | undefined;
	readonly priceList?: PriceList | undefined;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	/** Added to the address of every request: `api-version`. */
	readonly query?: Readonly<Record<string, string>> | undefined;
	/** Whether it is in the person's configuration. */
	readonly isConfigured?: boolean | undefined;
};

export type NamedProviders = Readonly<Record<string, NamedProvider>>;

/** `free`, or a provider's list: https://github.com/pydantic/genai-prices/tree/main/prices/providers */
export const priceLists = [
	'free',
	'anthropic',
	'aws',
	'azure',
	'cerebras',
	'cohere',
	'deepseek',
	'fireworks',
	'google',
	'groq',
	'minimax',
	'mistral',
	'moonshotai',
	'novita',
	'openai',
	'openrouter',
	'ovhcloud',
	'perplexity',
	'together',
	'x-ai',
	'zai',
] as const;

export type PriceList = (typeof priceLists)[number];

/** Services that need no configuration but a key. Addresses and variables as in their documentation. */
export const providerPresets: NamedProviders = {
	openrouter: {
		...preset('https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
		priceList: 'openrouter',
	},
	groq: {...preset('https://api.groq.com/openai/v1', 'GROQ_API_KEY'), priceList: 'groq'},
	mistral: {
		...preset('https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
		dialect: 'mistral',
		priceList: 'mistral',
	},
	deepseek: {
		...preset('https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY'),
		dialect: 'deepseek',
		priceList: 'deepseek',
	},
	gemini: {
		...preset('https://generativelanguage.googleapis.com/v1beta/openai', 'GEMINI_API_KEY'),
		dialect: 'gemini',
		priceList: 'google',
	},
	xai: {...preset('https://api.x.ai/v1', 'XAI_API_KEY'), priceList: 'x-ai'},
	together: {
		...preset('https://api.together.xyz/v1', 'TOGETHER_API_KEY'),
		priceList: 'together',
	},
	// Deployments have any name, so no price list applies.
	azure: {
		type: 'openai',
		baseUrlVariable: 'AZURE_OPENAI_ENDPOINT',
		addressExample: 'https://NAME.openai.azure.com/openai/v1',
		keyVariable: 'AZURE_OPENAI_API_KEY',
	},
	vllm: {
		...preset('http://127.0.0.1:8000/v1', 'VLLM_API_KEY'),
		keyOptional: true,
		priceList: 'free',
	},
	litellm: {...preset('http://127.0.0.1:4000/v1', 'LITELLM_API_KEY'), keyOptional: true},
};

/** The preset of that name, whatever the person's configuration makes of it. */
export function presetOf(name: string): NamedProvider | undefined {
	return Object.hasOwn(providerPresets, name) ? providerPresets[name] : undefined;
}

function preset(baseUrl: string, keyVariable: string): NamedProvider {
	return {type: 'openai', baseUrl, keyVariable};
}
