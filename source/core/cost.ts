import type {Usage} from './chat.ts';

/** Cost of a model's call in US dollars; `undefined`: no known price. */
export type PriceOf = (usage: Usage) => number | undefined;

/**
 * Upper bound on a call's cost: its input may be plain, or written to the cache at a higher price.
 */
export function maxCost(price: PriceOf, input: number, output: number): number | undefined {
	const plain = estimatedUsage(input, output);
	const costs = [plain, {...plain, input: 0, cacheWrite: input}].map(price);
	const known = costs.filter(cost => cost !== undefined);
	return known.length === 0 ? undefined : Math.max(...known);
}

/** Usage of a call that uses all of these tokens, for reserving budget. */
export function estimatedUsage(input: number, output: number): Usage {
	return {input, cacheRead: null, cacheWrite: null, output, reasoning: null, estimated: true};
}
