import {z} from 'zod';
import type {Answer} from '../core/chat.ts';

/** An answer of a server that measures itself. */
export type TimedAnswer = Answer & {
	/** Tokens that it generated a second, without loading, waiting and reading the prompt. */
	readonly tokensPerSecond?: number;
};

/** The speed that the server measured; `undefined` where it measures none. */
export function speedOf(answer: Answer): number | undefined {
	return z.object({tokensPerSecond: z.number().optional()}).parse(answer).tokensPerSecond;
}
