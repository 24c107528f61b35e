import type {Usage} from './chat.ts';

/** US dollars that a call of one model costs; `undefined`: no price is known. */
export type PriceOf = (usage: Usage) => number | undefined;

/** What a call costs at most: what it reads may come from the cache, or be written into it for more. */
export function highestCost(price: PriceOf, input: number, output: number): number | undefined {
	const plain = plannedUsage(input, output);
	const costs = [plain, {...plain, input: 0, cacheWrite: input}].map(price);
	const known = costs.filter(cost => cost !== undefined);
	return known.length === 0 ? undefined : Math.max(...known);
}

/** Tokens as a call would use them at most, for what is held back before it is made. */
export function plannedUsage(input: number, output: number): Usage {
	return {input, cacheRead: null, cacheWrite: null, output, reasoning: null, estimated: true};
}
