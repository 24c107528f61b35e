import type {Answer, Usage} from '../../core/chat.ts';
import type {StreamEvent} from '../../providers/provider.ts';

const charactersPerToken = 3.5;

/** Estimates the usage of a call that the server did not report. */
export type Meter = {
	record(event: StreamEvent): void;
	/**
	 * Usage of a call that broke off; `undefined` if the model had not started to answer, unless we
	 * ended the call ourselves.
	 */
	usage(endedByUs: boolean): Usage | undefined;
	/** The answer, with estimates for missing counts. */
	counted(answer: Answer): Answer;
};

/** @param input estimated tokens of the request */
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

/** Larger counts are considered invalid. */
const maxTokens = 1e9;

/** Replaces invalid token counts with `null`. */
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
