import type {ChatRequest, Message} from '../../core/chat.ts';

/** Token counts in the last chunk of an answer; `undefined`: not reported. */
export type OllamaCounts = {
	readonly promptTokens: number | undefined;
	/** Cached part of the prompt. Only reported by servers that count the entire prompt. */
	readonly cachedTokens: number | undefined;
	readonly outputTokens: number | undefined;
	readonly doneReason: string | undefined;
};

/**
 * Why the answer is known to be based on a truncated request; `undefined` if there is no evidence.
 * Servers that don't know `truncate: false` drop the oldest messages and answer as if nothing had
 * happened.
 *
 * A small prompt count alone proves nothing: servers before 0.2 leave out cached tokens, up to the
 * entire prompt (https://github.com/ollama/ollama/pull/5371). It is evidence if the request could
 * not fit into the context, or if the server counts its cache too.
 */
export function truncationReason(
	request: ChatRequest,
	contextTokens: number,
	{promptTokens = 0, cachedTokens, outputTokens = 0, doneReason}: OllamaCounts,
): string | undefined {
	const sent = minTokens(request);
	const isCounted = promptTokens > 0 && (sent > contextTokens || cachedTokens !== undefined);
	if (isCounted && promptTokens < sent * 0.6) {
		return `it read only ${promptTokens} of at least ${Math.round(sent)} tokens of the request`;
	}

	// An answer that was stopped at this limit reports `length`.
	return promptTokens > 0 &&
		promptTokens + outputTokens === contextTokens &&
		doneReason !== 'length'
		? `request and answer exactly fill its context of ${contextTokens} tokens`
		: undefined;
}

/**
 * A lower bound on the tokens of what every template renders, for any tokenizer: six characters per
 * token, runs of one character counted once. Tools and thoughts are excluded, as templates may omit
 * them.
 */
function minTokens({system, messages}: ChatRequest): number {
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
