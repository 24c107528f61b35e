import type {Answer, Usage} from '../../core/chat.ts';
import type {StreamEvent} from '../../providers/provider.ts';

const charactersPerToken = 3.5;

/** Counts what a call uses where the server does not say it: it failed, or it counts nothing. */
export type Meter = {
	record(event: StreamEvent): void;
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
	let hasStarted = false;
	const nothing = {cacheRead: null, cacheWrite: null, reasoning: null};
	return {
		record(event) {
			if (event.type !== 'progress') {
				hasStarted = true;
			}

			if ('text' in event) {
				characters += event.text.length;
			}
		},
		usage: endedByUs =>
			hasStarted || endedByUs
				? {...nothing, input, output: tokensOf(characters), estimated: true}
				: undefined,
		counted({tokensPerSecond, ...answer}) {
			const usage = sanitizeUsage(answer.usage);
			const {message} = answer;
			const isCounted = usage.input !== null && usage.output !== null;
			const output = usage.output ?? tokensOf(JSON.stringify(message.parts).length);
			return {
				...answer,
				...(Number.isFinite(tokensPerSecond) ? {tokensPerSecond} : {}),
				usage: isCounted ? usage : {...usage, input: usage.input ?? input, output, estimated: true},
			};
		},
	};
}

/** No call has more tokens. */
const maxTokens = 1e9;

/** Numbers that no count of tokens can be were not said. */
export function sanitizeUsage(usage: Usage): Usage {
	const sane = (count: number | null) =>
		count !== null && Number.isSafeInteger(count) && count >= 0 && count <= maxTokens
			? count
			: null;
	return {
		input: sane(usage.input),
		cacheRead: sane(usage.cacheRead),
		cacheWrite: sane(usage.cacheWrite),
		output: sane(usage.output),
		reasoning: sane(usage.reasoning),
		estimated: usage.estimated,
	};
}

function tokensOf(characters: number): number {
	return Math.ceil(characters / charactersPerToken);
}
