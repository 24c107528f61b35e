import {z} from 'zod';
import type {Usage} from '../../core/chat.ts';
import {isJsonList, isJsonObject, type Json} from '../../core/json.ts';
import {tokenCount} from '../transport/wire.ts';

/** Text and reasoning of a message, or of a piece of one. */
export type Said = {readonly text: string; readonly thinking: string};

/**
 * The content of a message: a text, or parts (Mistral sends its reasoning as parts of type `thinking`).
 * https://docs.mistral.ai/capabilities/reasoning
 */
export function saidIn(content: Json | undefined): Said {
	if (typeof content === 'string') {
		return {text: content, thinking: ''};
	}

	const parts = isJsonList(content) ? content : content === undefined ? [] : [content];
	return parts
		.map(saidInPart)
		.reduce((all, part) => ({text: all.text + part.text, thinking: all.thinking + part.thinking}), {
			text: '',
			thinking: '',
		});
}

function saidInPart(part: Json): Said {
	if (!isJsonObject(part)) {
		return {text: typeof part === 'string' ? part : '', thinking: ''};
	}

	const {type, text, thinking, refusal} = part;
	const isThought = type === 'thinking' || type === 'reasoning';
	const inner = saidIn(text ?? thinking ?? refusal ?? undefined);
	return isThought ? {text: '', thinking: inner.thinking + inner.text} : inner;
}

/** The wire's totals include cached and reasoning tokens. */
export function usageOf(usage: WireUsage | undefined): Usage {
	const cacheRead = usage?.prompt_tokens_details?.cached_tokens ?? null;
	const cacheWrite = usage?.prompt_tokens_details?.cache_write_tokens ?? null;
	const prompt = usage?.prompt_tokens ?? null;
	return {
		input: prompt === null ? null : Math.max(0, prompt - (cacheRead ?? 0) - (cacheWrite ?? 0)),
		cacheRead,
		cacheWrite,
		output: usage?.completion_tokens ?? null,
		reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? null,
		estimated: false,
	};
}

/** What is missing or has another shape; what a server adds on top is kept. */
const text = z.string().nullish().catch(undefined);

const calledSchema = z.looseObject({
	name: text,
	/** A few servers send the arguments as an object instead of text. */
	arguments: z.json().nullish(),
});

const callDeltaSchema = z.looseObject({
	index: z.number().int().nonnegative().nullish().catch(undefined),
	id: text,
	function: calledSchema.nullish().catch(undefined),
});

const messageSchema = z.looseObject({
	content: z.json().nullish(),
	refusal: text,
	reasoning_content: z.json().nullish(),
	reasoning: z.json().nullish(),
	tool_calls: z.array(callDeltaSchema).nullish().catch(undefined),
	/** The form before tools. */
	function_call: calledSchema.nullish().catch(undefined),
});

const choiceSchema = z.object({
	delta: messageSchema.nullish().catch(undefined),
	/** Of a complete answer, from a server that does not stream. */
	message: messageSchema.nullish().catch(undefined),
	finish_reason: text,
});

const usageSchema = z.object({
	prompt_tokens: tokenCount,
	completion_tokens: tokenCount,
	prompt_tokens_details: z
		.object({cached_tokens: tokenCount, cache_write_tokens: tokenCount})
		.nullish()
		.catch(undefined),
	completion_tokens_details: z.object({reasoning_tokens: tokenCount}).nullish().catch(undefined),
});

/**
 * https://platform.openai.com/docs/api-reference/chat-streaming; llama.cpp adds the last two
 * fields.
 */
export const chunkSchema = z.object({
	model: text,
	choices: z.array(choiceSchema).nullish(),
	usage: usageSchema.nullish().catch(undefined),
	prompt_progress: z.object({total: z.number(), processed: z.number()}).nullish().catch(undefined),
	timings: z.object({predicted_per_second: z.number().nullish()}).nullish().catch(undefined),
});

export type Choice = z.infer<typeof choiceSchema>;
export type WireMessage = z.infer<typeof messageSchema>;
export type WireUsage = z.infer<typeof usageSchema>;
