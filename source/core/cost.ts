import type {Usage} from './chat.ts';

/** US dollars that a call of one model costs; `undefined`: no price is known. */
export type PriceOf = (usage: Usage) => number | undefined;

/** Tokens as a call would use them at most, for what is held back before it is made. */
export function plannedUsage(input: number, output: number): Usage {
	return {input, cacheRead: null, cacheWrite: null, output, reasoning: null, estimated: true};
}
