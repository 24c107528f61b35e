import {describe, expect, test} from 'vitest';
import {findProvider} from '@pydantic/genai-prices';
import {priceLists, providerPresets} from '../../source/core/provider-presets.ts';
import type {Usage} from '../../source/core/chat.ts';
import {lookUpModelFacts, priceListOf} from '../../source/providers/prices.ts';

const million: Usage = {
	input: 1e6,
	cacheRead: null,
	cacheWrite: null,
	output: 1e6,
	reasoning: null,
	estimated: false,
};
const vendor = (provider: 'anthropic' | 'openai', model: string) =>
	lookUpModelFacts({provider, model, priceList: provider}, {});

describe('the price of a model', () => {
	test('is that of the price list for the very model, also under its dated name', async () => {
		const {price, contextTokens} = await vendor('anthropic', 'claude-opus-5-5');
		expect(price(million)).toBeGreaterThan(1);
		expect(price({...million, input: 0, cacheRead: 1e6})).toBeLessThan(price(million) ?? 0);
		expect(contextTokens).toBeGreaterThan(100_000);
		const dated = await vendor('anthropic', 'claude-haiku-4-5-20251001');
		const plain = await vendor('anthropic', 'claude-haiku-4-5');
		expect(dated.price(million)).toBe(plain.price(million));
		expect((await vendor('openai', 'gpt-6-sol')).price(million)).toBeGreaterThan(1);
	});

	test('is never that of a similar name', async () => {
		for (const model of ['claude-sonnet-5-5', 'claude-opus-5-5-mini', 'gpt-6-sol-x', 'qwen3']) {
			const {price, contextTokens} = await vendor('anthropic', model);
			expect(price(million), model).toBeUndefined();
			expect(contextTokens).toBeUndefined();
		}
	});

	test('is not that of the vendor at another address', async () => {
		const provider = 'openai';
		const priceList = priceListOf({provider, baseUrl: 'https://gateway.example/v1'}, {});
		const {price} = await lookUpModelFacts({provider, model: 'gpt-6-sol', priceList}, {});
		expect(price(million)).toBeUndefined();
	});

	test('is not what objects have by themselves', async () => {
		for (const model of ['constructor', '__proto__', 'toString']) {
			expect((await vendor('openai', model)).price(million), model).toBeUndefined();
		}
	});

	test.each([
		['openrouter', 'anthropic/claude-sonnet-4.5'],
		['openrouter', 'openai/gpt-oss-120b:free'],
		['groq', 'llama-3.3-70b-versatile'],
		['mistral', 'mistral-large-latest'],
		['deepseek', 'deepseek-chat'],
		['gemini', 'gemini-2.5-pro'],
		['xai', 'grok-4'],
		['together', 'meta-llama/Llama-3.3-70B-Instruct-Turbo'],
	])('is that of the list of %s for its %s', async (provider, model) => {
		const target = {provider, ...providerPresets[provider]};
		const priceList = priceListOf(target, {});
		const {price} = await lookUpModelFacts({provider, model, priceList}, {});
		expect(price(million)).toBeGreaterThanOrEqual(model.endsWith(':free') ? 0 : 0.1);
	});

	test.each([
		['openrouter', 'claude-sonnet-4.5'],
		['openrouter', 'anthropic/claude-sonnet-4.5:nitro'],
		['groq', 'gpt-4o'],
		['mistral', 'claude-opus-5-5'],
		['gemini', 'gemini-2.5-pro-mine'],
		// Names that the list has of another vendor.
		['gemini', 'claude-sonnet-4-5-mine'],
		['azure', 'gpt-4o'],
		['litellm', 'gpt-4o'],
	])('is unknown at %s for %s', async (provider, model) => {
		const target = {provider, ...providerPresets[provider]};
		const priceList = priceListOf(target, {});
		const {price} = await lookUpModelFacts({provider, model, priceList}, {});
		expect(price(million)).toBeUndefined();
	});

	test('is not that of OpenAI for a deployment on Azure, whatever its name', () => {
		const baseUrl = 'https://mine.openai.azure.com/openai/v1';
		expect(priceListOf({provider: 'openai', baseUrl}, {})).toBeUndefined();
		expect(priceListOf({provider: 'openai'}, {OPENAI_BASE_URL: baseUrl})).toBeUndefined();
	});

	test('is on a list for each name that the configuration accepts', () => {
		for (const providerId of priceLists) {
			expect(findProvider({providerId})?.id ?? 'free').toBe(providerId);
		}
	});

	test('is nothing on a server of one’s own', async () => {
		for (const provider of ['ollama', 'lmstudio', 'llama-server', 'demo'] as const) {
			expect(
				(
					await lookUpModelFacts({provider, model: 'm', priceList: priceListOf({provider}, {})}, {})
				).price(million),
			).toBe(0);
		}
	});

	test('is the person’s own where there is one, first that of the provider', async () => {
		const own = {m: {input: 1, output: 2}, 'ollama/m': {input: 3, output: 4, cacheRead: 0.5}};
		const openai = await lookUpModelFacts(
			{provider: 'openai', model: 'm', priceList: undefined},
			own,
		);
		expect(openai.price(million)).toBe(3);
		const ollama = await lookUpModelFacts({provider: 'ollama', model: 'm', priceList: 'free'}, own);
		expect(ollama.price({...million, cacheRead: 1e6, cacheWrite: 1e6})).toBe(10.5);
	});
});
