import type {Usage} from '../core/chat.ts';
import type {PriceOf} from '../core/cost.ts';
import type {MatchLogic, ModelInfo} from '@pydantic/genai-prices';
import type {Environment} from '../core/environment.ts';
import {isVendorTarget, serviceOf, typeOf, type AddressedTarget} from './target-settings.ts';

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
	/** The name of the service, else the type of the provider. */
	readonly provider: string;
	readonly model: string;
	/** The list that applies, `free`, or none. */
	readonly priceList: string | undefined;
};

/**
 * Which price list applies to a target: none to a server that is not the vendor's own, because others set
 * their own prices, and none to Azure, where models have any name.
 */
export function priceListOf(target: AddressedTarget, environment: Environment): string | undefined {
	const type = typeOf(target);
	switch (type) {
		case 'anthropic':
		case 'openai':
			return (
				target.priceList ??
				(serviceOf(target) === undefined && isVendorTarget(target, environment) ? type : undefined)
			);
		case 'ollama':
		case 'lmstudio':
		case 'llama-server':
		case 'demo':
			return target.priceList ?? 'free';
		case undefined:
			return undefined;
	}
}

/**
 * Price and context size of a model. The person's own price comes first; otherwise the price list applies if
 * it has this exact model (or a dated version of it). It never guesses from similar names. The lists ship
 * with the package and are not refreshed over the network. https://github.com/pydantic/genai-prices
 */
export async function lookUpModelFacts(asked: PricedModel, own: CustomPrices): Promise<ModelFacts> {
	const {provider, model, priceList} = asked;
	const names = [`${provider}/${model}`, model];
	const name = names.find(candidate => Object.hasOwn(own, candidate));
	const given = name === undefined ? undefined : own[name];
	const listed =
		priceList === undefined || priceList === 'free'
			? undefined
			: await lookUpListed(priceList, model);
	const byList = priceList === 'free' ? () => 0 : (listed?.price ?? (() => undefined));
	return {price: given ? priceOf(given) : byList, contextTokens: listed?.contextTokens};
}

async function lookUpListed(providerId: string, model: string): Promise<ModelFacts | undefined> {
	const {calcPrice} = await import('@pydantic/genai-prices');
	const found = calcPrice({input_tokens: 1}, model, {providerId});
	return found?.provider.id !== providerId || !isSameModel(found.model, model)
		? undefined
		: {
				price: usage => calcPrice(toListUsage(usage), model, {providerId})?.total_price,
				contextTokens: found.model.context_window,
			};
}

/** Vendors serve a model under its name with and without a date, and under names that the list equates. */
function isSameModel({id, match}: ModelInfo, asked: string): boolean {
	return (
		asked === id ||
		(asked.startsWith(id) && /^-(\d{8}|\d{4}-\d{2}-\d{2})$/.test(asked.slice(id.length))) ||
		isEquated(match, asked)
	);
}

function isEquated(match: MatchLogic, asked: string): boolean {
	return 'or' in match
		? match.or.some(one => isEquated(one, asked))
		: 'equals' in match && match.equals === asked;
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
