import {createAnthropicProvider} from '../../../source/providers/anthropic/adapter.ts';
import {createFetch, type Fetch} from '../../../source/providers/transport/fetch.ts';
import {createLlamaServerProvider} from '../../../source/providers/local/llama-server.ts';
import {createLmStudioProvider} from '../../../source/providers/local/lm-studio.ts';
import {createOllamaProvider} from '../../../source/providers/ollama/adapter.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import type {Provider, ProviderSettings} from '../../../source/providers/provider.ts';
import {redirectedFetch} from '../../helpers/model-server/vendor.ts';

/** Every way to speak to a server: `openai` is the vendor itself, `compatible` any other address. */
export const adapters = [
	'anthropic',
	'openai',
	'compatible',
	'lmstudio',
	'llama-server',
	'ollama',
] as const;

export type Adapter = (typeof adapters)[number];

const creators = {
	anthropic: createAnthropicProvider,
	openai: createOpenAiProvider,
	lmstudio: createLmStudioProvider,
	'llama-server': createLlamaServerProvider,
	ollama: createOllamaProvider,
};

/** A provider whose requests reach `url`, also those for a vendor's own address. */
export function connectTo(
	adapter: Adapter,
	url: string,
	{fetch = createFetch(), ...settings}: Partial<ProviderSettings> & {readonly fetch?: Fetch} = {},
): Provider {
	const type = adapter === 'compatible' ? 'openai' : adapter;
	const vendor = 'https://api.openai.com';
	const isVendor = adapter === 'openai';
	return creators[type](
		{type, baseUrl: isVendor ? vendor : url, apiKey: 'key-of-the-test', ...settings},
		{fetch: isVendor ? redirectedFetch(fetch, vendor, url) : fetch},
	);
}
