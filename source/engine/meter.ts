import type {Answer, Usage} from '../core/chat.ts';
import type {StreamEvent} from '../providers/provider.ts';

const charactersPerToken = 3.5;

/** Counts what a call uses where the server does not say it: it failed, or it counts nothing. */
export type Meter = {
	hear(event: StreamEvent): void;
	/**
	 * What a call has used that broke off; `undefined` when its model had not begun to answer. One that we
	 * ended ourselves was on its way all the same.
	 */
	usage(endedByUs: boolean): Usage | undefined;
	/** The answer with our estimate for what the server did not count. */
	counted(answer: Answer): Answer;
};

/** @param input our estimate of the request, tokens */
export function createMeter(input: number): Meter {
	let characters = 0;
	let hasBegun = false;
	const nothing = {cacheRead: null, cacheWrite: null, reasoning: null};
	return {
		hear(event) {
			if (event.type !== 'progress') {
				hasBegun = true;
			}

			if (event.type === 'text-delta' || event.type === 'thinking-delta') {
				characters += event.text.length;
			}
		},
		usage: endedByUs =>
			hasBegun || endedByUs
				? {...nothing, input, output: tokensOf(characters), estimated: true}
				: undefined,
		counted(answer) {
			const {usage, message} = answer;
			if (usage.input !== null && usage.output !== null) {
				return answer;
			}

			const output = usage.output ?? tokensOf(JSON.stringify(message.parts).length);
			return {
				...answer,
				usage: {...usage, input: usage.input ?? input, output, estimated: true},
			};
		},
	};
}

function tokensOf(characters: number): number {
	return Math.ceil(characters / charactersPerToken);
}
