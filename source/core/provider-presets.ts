import type {ProviderType} from './settings.ts';

/** A service under a name of its own that speaks the protocol of a type of provider. */
export type NamedProvider = {
	readonly type: Exclude<ProviderType, 'demo'>;
	readonly baseUrl: string;
	/** The environment variable that holds its key. */
	readonly keyVariable?: string | undefined;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	/** Added to the address of every request: `api-version`. */
	readonly query?: Readonly<Record<string, string>> | undefined;
};

export type NamedProviders = Readonly<Record<string, NamedProvider>>;

/** Services that need no configuration but a key. Addresses and variables as in their documentation. */
export const providerPresets: NamedProviders = {
	openrouter: preset('https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
	groq: preset('https://api.groq.com/openai/v1', 'GROQ_API_KEY'),
	mistral: preset('https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
	deepseek: preset('https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY'),
	gemini: preset('https://generativelanguage.googleapis.com/v1beta/openai', 'GEMINI_API_KEY'),
	xai: preset('https://api.x.ai/v1', 'XAI_API_KEY'),
	together: preset('https://api.together.xyz/v1', 'TOGETHER_API_KEY'),
	vllm: preset('http://127.0.0.1:8000/v1', 'VLLM_API_KEY'),
	litellm: preset('http://127.0.0.1:4000/v1', 'LITELLM_API_KEY'),
};

function preset(baseUrl: string, keyVariable: string): NamedProvider {
	return {type: 'openai', baseUrl, keyVariable};
}
