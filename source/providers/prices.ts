import type {Usage} from '../core/chat.ts';
import type {PriceOf} from '../core/cost.ts';
import type {ProviderType} from '../core/settings.ts';

/** US dollars for a million tokens. Tokens of a cache that have no price of their own cost as input. */
export type OwnPrice = {
	readonly input: number;
	readonly output: number;
	readonly cacheRead?: number | undefined;
	readonly cacheWrite?: number | undefined;
};

/** Prices of a person's own, by `model` or `provider/model`. */
export type OwnPrices = Readonly<Record<string, OwnPrice>>;

/** What is known of a model without asking anybody. */
export type ModelFacts = {
	readonly price: PriceOf;
	/** Tokens that request and answer may have together. */
	readonly contextTokens: number | undefined;
};

export type PricedModel = {
	readonly provider: ProviderType;
	readonly model: string;
	/** Whether the vendor itself serves it: others have prices of their own. */
	readonly isVendor: boolean;
};

/**
 * What a model costs: by the person's own price, else nothing for servers of their own, else by the
 * price list of the vendor when it knows this very model (or a dated form of it). It never guesses by a
 * similar name. The list comes with the package and is not refreshed over the network.
 * https://github.com/pydantic/genai-prices
 */
export async function factsOf(asked: PricedModel, own: OwnPrices): Promise<ModelFacts> {
	const {provider, model, isVendor} = asked;
	const names = [`${provider}/${model}`, model];
	const name = names.find(candidate => Object.hasOwn(own, candidate));
	const given = name === undefined ? undefined : own[name];
	const listed =
		isVendor && (provider === 'anthropic' || provider === 'openai')
			? await look(provider, model)
			: undefined;
	const price = given
		? priceOf(given)
		: ownServers.has(provider)
			? () => 0
			: (listed?.price ?? (() => undefined));
	return {price, contextTokens: listed?.contextTokens};
}

const ownServers: ReadonlySet<ProviderType> = new Set([
	'ollama',
	'lmstudio',
	'llama-server',
	'demo',
]);

async function look(providerId: string, model: string): Promise<ModelFacts | undefined> {
	const {calcPrice} = await import('@pydantic/genai-prices');
	const found = calcPrice({input_tokens: 1}, model, {providerId})?.model;
	return found === undefined || !isSameModel(found.id, model)
		? undefined
		: {
				price: usage => calcPrice(asListed(usage), model, {providerId})?.total_price,
				contextTokens: found.context_window,
			};
}

/** Vendors serve a model under its name and under the same with a date. */
function isSameModel(listed: string, asked: string): boolean {
	return (
		asked === listed ||
		(asked.startsWith(listed) && /^-(\d{8}|\d{4}-\d{2}-\d{2})$/.test(asked.slice(listed.length)))
	);
}

/** The list counts what came from and went into the cache within the input. */
function asListed({input, cacheRead, cacheWrite, output}: Usage) {
	return {
		input_tokens: (input ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0),
		cache_read_tokens: cacheRead ?? 0,
		cache_write_tokens: cacheWrite ?? 0,
		output_tokens: output ?? 0,
	};
}

function priceOf({input, output, cacheRead = input, cacheWrite = input}: OwnPrice): PriceOf {
	return usage =>
		((usage.input ?? 0) * input +
			(usage.cacheRead ?? 0) * cacheRead +
			(usage.cacheWrite ?? 0) * cacheWrite +
			(usage.output ?? 0) * output) /
		1e6;
}
