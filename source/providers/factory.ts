import type {Fetch} from './transport/fetch.ts';
import {namingModels} from './failures/missing-model.ts';
import {ProviderError, type Provider, type ProviderSettings} from './provider.ts';

/**
 * The adapter for a type of provider, loaded when it is asked for. Failures for want of a model name
 * those that are there. Throws kind `bad-request` for
 * type `demo`, which is not reached over HTTP, and for a base URL that cannot be one.
 */
export async function createProvider(
	settings: ProviderSettings,
	dependencies: {readonly fetch: Fetch},
): Promise<Provider> {
	return namingModels(await createAdapter(settings, dependencies));
}

async function createAdapter(
	settings: ProviderSettings,
	dependencies: {readonly fetch: Fetch},
): Promise<Provider> {
	switch (settings.type) {
		case 'anthropic': {
			const {createAnthropicProvider} = await import('./anthropic/adapter.ts');
			return createAnthropicProvider(settings, dependencies);
		}

		case 'openai': {
			const {createOpenAiProvider} = await import('./openai/adapter.ts');
			return createOpenAiProvider(settings, dependencies);
		}

		case 'ollama': {
			const {createOllamaProvider} = await import('./ollama/adapter.ts');
			return createOllamaProvider(settings, dependencies);
		}

		case 'lmstudio': {
			const {createLmStudioProvider} = await import('./local/lm-studio.ts');
			return createLmStudioProvider(settings, dependencies);
		}

		case 'llama-server': {
			const {createLlamaServerProvider} = await import('./local/llama-server.ts');
			return createLlamaServerProvider(settings, dependencies);
		}

		case 'demo':
			throw new ProviderError('bad-request', 'The demo provider is not reached over HTTP.');
	}
}
