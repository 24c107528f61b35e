import type {Usage} from '../core/chat.ts';
import type {PriceOf} from '../core/cost.ts';
import type {Provider} from './provider.ts';

/**
 * US dollars per million tokens. Cache tokens without a price of their own cost as much as input.
 */
export type CustomPrice = {
	readonly input: number;
	readonly output: number;
	readonly cacheRead?: number | undefined;
	readonly cacheWrite?: number | undefined;
};

/** The person's own prices, by `model` or `provider/model`. */
export type CustomPrices = Readonly<Record<string, CustomPrice>>;

/** What is known about a model without calling anyone. */
export type ModelFacts = {
	readonly price: PriceOf;
	/** Context size: tokens of request and answer together. */
	readonly contextTokens: number | undefined;
};

export type PricedModel = {
	readonly provider: Provider['type'];
	readonly model: string;
	/** Whether the vendor itself serves it: others set their own prices. */
	readonly isVendor: boolean;
};

/**
 * Price and context size of a model. The person's own price comes first; local servers are free;
 * otherwise the vendor's price list applies if it has this exact model (or a dated version of it).
 * It never guesses from similar names. The list ships with the package and is not refreshed over
 * the network. https://github.com/pydantic/genai-prices
 */
export async function lookUpModelFacts(asked: PricedModel, own: CustomPrices): Promise<ModelFacts> {
	const {provider, model, isVendor} = asked;
	const names = [`${provider}/${model}`, model];
	const name = names.find(candidate => Object.hasOwn(own, candidate));
	const given = name === undefined ? undefined : own[name];
	const listed =
		isVendor && (provider === 'anthropic' || provider === 'openai')
			? await lookUpListed(provider, model)
			: undefined;
	const price = given
		? priceOf(given)
		: localServers.has(provider)
			? () => 0
			: (listed?.price ?? (() => undefined));
	return {price, contextTokens: listed?.contextTokens};
}

const localServers: ReadonlySet<Provider['type']> = new Set([
	'ollama',
	'lmstudio',
	'llama-server',
	'demo',
]);

async function lookUpListed(providerId: string, model: string): Promise<ModelFacts | undefined> {
	const {calcPrice} = await import('@pydantic/genai-prices');
	const found = calcPrice({input_tokens: 1}, model, {providerId})?.model;
	return found === undefined || !isSameModel(found.id, model)
		? undefined
		: {
				price: usage => calcPrice(toListUsage(usage), model, {providerId})?.total_price,
				contextTokens: found.context_window,
			};
}

/** Vendors serve a model under its name with and without a date. */
function isSameModel(listed: string, asked: string): boolean {
	return (
		asked === listed ||
		(asked.startsWith(listed) && /^-(\d{8}|\d{4}-\d{2}-\d{2})$/.test(asked.slice(listed.length)))
	);
}

/** The list counts cache reads and writes as part of the input. */
function toListUsage({input, cacheRead, cacheWrite, output}: Usage) {
	return {
		input_tokens: (input ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0),
		cache_read_tokens: cacheRead ?? 0,
		cache_write_tokens: cacheWrite ?? 0,
		output_tokens: output ?? 0,
	};
}

function priceOf({input, output, cacheRead = input, cacheWrite = input}: CustomPrice): PriceOf {
	return usage =>
		((usage.input ?? 0) * input +
			(usage.cacheRead ?? 0) * cacheRead +
			(usage.cacheWrite ?? 0) * cacheWrite +
			(usage.output ?? 0) * output) /
		1e6;
}
