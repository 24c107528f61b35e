import type {ChatRequest, Message} from '../../core/chat.ts';

/** What the last chunk of an answer counts; `undefined` where the server does not say. */
export type OllamaCounts = {
	readonly promptTokens: number | undefined;
	/** The part of the prompt that came from a cache. Only servers that count the whole prompt tell. */
	readonly cachedTokens: number | undefined;
	readonly outputTokens: number | undefined;
	readonly doneReason: string | undefined;
};

/**
 * Why an answer was not given to the whole request; `undefined` when nothing says so. A server that
 * does not know `truncate: false` drops the oldest messages and answers as if nothing had happened.
 *
 * A small count of the prompt alone proves nothing: servers before 0.2 leave out what they had in
 * their cache, up to the whole prompt (https://github.com/ollama/ollama/pull/5371). It does where
 * the request could not fit into the context in the first place, or where the server counts its cache
 * too.
 */
export function promptLoss(
	request: ChatRequest,
	contextTokens: number,
	{promptTokens = 0, cachedTokens, outputTokens = 0, doneReason}: OllamaCounts,
): string | undefined {
	const sent = leastTokens(request);
	const isCounted = promptTokens > 0 && (sent > contextTokens || cachedTokens !== undefined);
	if (isCounted && promptTokens < sent * 0.6) {
		return `it read ${promptTokens} tokens of a request of at least ${Math.round(sent)}`;
	}

	// An answer that was stopped for this says so: `length`.
	return promptTokens > 0 &&
		promptTokens + outputTokens === contextTokens &&
		doneReason !== 'length'
		? `request and answer fill its context of ${contextTokens} tokens to the last one`
		: undefined;
}

/**
 * Fewer tokens than any tokenizer makes of what a template is sure to show: six characters each, a run
 * of one character counted once. Tools and thoughts are left out, as templates may leave them out.
 */
function leastTokens({system, messages}: ChatRequest): number {
	const text = [system, ...messages.map(textOf)].join('');
	return text.replaceAll(/(.)\1+/gsu, '$1').length / 6;
}

function textOf(message: Message): string {
	return message.role === 'assistant'
		? message.parts
				.map(part =>
					part.kind === 'text' ? part.text : part.kind === 'tool-call' ? part.argumentsText : '',
				)
				.join('')
		: message.text;
}
