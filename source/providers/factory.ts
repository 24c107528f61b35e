import type {Fetch} from './transport/fetch.ts';
import {withModelNames} from './failures/missing-model.ts';
import {ProviderError, type Provider, type ProviderSettings} from './provider.ts';

/**
 * Creates the adapter for a type of provider, loading it on demand. Failures about a missing model
 * list the available ones. Throws kind `bad-request` for type `demo`, which does not use HTTP, and
 * for an invalid base URL.
 */
export async function createProvider(
	settings: ProviderSettings,
	dependencies: {readonly fetch: Fetch},
): Promise<Provider> {
	return withModelNames(await createAdapter(settings, dependencies));
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
			throw new ProviderError('bad-request', 'The demo provider does not use HTTP.');
	}
}
