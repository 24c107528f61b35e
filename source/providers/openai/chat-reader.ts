import {z} from 'zod';
import type {ChatRequest, Part, StopReason, Usage} from '../../core/chat.ts';
import type {Json} from '../../core/json.ts';
import {createCallIds, reconcileStopReason, toolCall} from '../transport/call-parts.ts';
import {endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {argumentsOf, createDraftCalls} from './chat-calls.ts';
import type {Dialect} from './dialects.ts';
import type {StreamEvent} from '../provider.ts';
import type {Reader} from '../transport/stream.ts';
import {createThinkTagSplitter, type ThoughtSplit} from '../transport/think-tags.ts';
import {parseWire} from '../transport/wire.ts';

/**
 * Assembles an answer from chat completion chunks; `undefined` stands for `[DONE]`. Throws kind
 * `model-missing` if another model answers than the requested one.
 *
 * @param isRequested whether a name from the server refers to the requested model
 */
export function createOpenAiReader(
	request: ChatRequest,
	endpoint: Endpoint,
	dialect: Dialect,
	isRequested: (model: string) => boolean = () => true,
): Reader<Json | undefined> {
	const tags = createThinkTagSplitter();
	let text = '';
	let reasoning = '';
	let reasoningField: ReasoningField = 'reasoning_content';
	const calls = createDraftCalls();
	let model = request.model;
	let finishReason: string | undefined;
	let hasEnded = false;
	let wireUsage: WireUsage | undefined;
	let tokensPerSecond: number | undefined;

	function* emit({thinking, text: said, reclassified}: ThoughtSplit): Iterable<StreamEvent> {
		if (reclassified) {
			reasoning += text;
			text = '';
		}

		reasoning += thinking;
		text += said;
		if (thinking !== '') {
			yield {type: 'thinking-delta', text: thinking};
		}

		if (said !== '') {
			yield {type: 'text-delta', text: said};
		}
	}

	function* readChoice({delta, finish_reason}: Choice): Iterable<StreamEvent> {
		reasoningField = delta?.reasoning ? 'reasoning' : reasoningField;
		yield* emit({thinking: delta?.reasoning_content || delta?.reasoning || '', text: ''});
		yield* emit(tags.push(delta?.content ?? ''));
		yield* emit({thinking: '', text: delta?.refusal ?? ''});
		for (const part of delta?.tool_calls ?? []) {
			const name = calls.push(part);
			if (name !== undefined) {
				yield {type: 'tool-call-started', name};
			}

			const text = argumentsOf(part);
			if (text !== '') {
				yield {type: 'arguments-delta', text};
			}
		}

		finishReason = finish_reason || finishReason;
		finishReason = delta?.refusal ? 'refusal' : finishReason;
		if (finish_reason) {
			yield* emit(tags.flush());
		}
	}

	return {
		*read(value) {
			if (value === undefined) {
				hasEnded = true;
				return;
			}

			const chunk = parseWire(chunkSchema, value, endpoint);
			if (chunk.model && !isRequested(chunk.model)) {
				throw endpointFailure(endpoint, 'model-missing', `${chunk.model} answered`);
			}

			model = chunk.model || model;
			wireUsage = chunk.usage ?? wireUsage;
			tokensPerSecond = chunk.timings?.predicted_per_second ?? tokensPerSecond;
			if (chunk.prompt_progress) {
				const {processed, total} = chunk.prompt_progress;
				yield {type: 'progress', phase: 'prompt', ratio: total === 0 ? 1 : processed / total};
			}

			for (const choice of chunk.choices ?? []) {
				yield* readChoice(choice);
			}
		},
		hasEnded: () => hasEnded,
		text: () => text,
		answer() {
			if (!hasEnded && finishReason === undefined) {
				return undefined;
			}

			const nextId = createCallIds(request);
			const parts: Part[] = [
				...(reasoning === ''
					? []
					: [{kind: 'thinking' as const, text: reasoning, opaque: {[reasoningField]: reasoning}}]),
				...(text === '' ? [] : [{kind: 'text' as const, text}]),
				...calls.list().map(call => toolCall(nextId(call.id), call.name, call.argumentsText)),
			];
			const usage = usageOf(wireUsage);
			const isFull =
				dialect.lengthMeansFull && (usage.output ?? Infinity) < request.maxOutputTokens;
			return {
				message: {
					role: 'assistant',
					parts,
					origin: {provider: dialect.type, model: request.model},
				},
				stopReason: reconcileStopReason(parts, stopReasonOf(finishReason, isFull)),
				usage,
				model,
				...(tokensPerSecond === undefined ? {} : {tokensPerSecond}),
			};
		},
	};
}

type ReasoningField = 'reasoning_content' | 'reasoning';

function stopReasonOf(finishReason: string | undefined, isFull: boolean): StopReason {
	switch (finishReason) {
		case 'length':
			return isFull ? 'context-full' : 'max-tokens';
		case 'content_filter':
		case 'refusal':
			return 'refusal';
		default:
			return 'end';
	}
}

/** The wire's totals include cached and reasoning tokens. */
function usageOf(usage: WireUsage | undefined): Usage {
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

const callDeltaSchema = z.object({
	index: z.number().int().nonnegative().nullish(),
	id: z.string().nullish(),
	function: z
		.object({
			name: z.string().nullish(),
			arguments: z.union([z.string(), z.record(z.string(), z.json())]).nullish(),
		})
		.nullish(),
});

const choiceSchema = z.object({
	delta: z
		.object({
			content: z.string().nullish(),
			refusal: z.string().nullish(),
			reasoning_content: z.string().nullish(),
			reasoning: z.string().nullish(),
			tool_calls: z.array(callDeltaSchema).nullish(),
		})
		.nullish(),
	finish_reason: z.string().nullish(),
});

const usageSchema = z.object({
	prompt_tokens: z.number().nullish(),
	completion_tokens: z.number().nullish(),
	prompt_tokens_details: z
		.object({cached_tokens: z.number().nullish(), cache_write_tokens: z.number().nullish()})
		.nullish(),
	completion_tokens_details: z.object({reasoning_tokens: z.number().nullish()}).nullish(),
});

/**
 * https://platform.openai.com/docs/api-reference/chat-streaming; llama.cpp adds the last two
 * fields.
 */
const chunkSchema = z.object({
	model: z.string().nullish(),
	choices: z.array(choiceSchema).nullish(),
	usage: usageSchema.nullish(),
	prompt_progress: z.object({total: z.number(), processed: z.number()}).nullish(),
	timings: z.object({predicted_per_second: z.number().nullish()}).nullish().catch(undefined),
});

type Choice = z.infer<typeof choiceSchema>;
type WireUsage = z.infer<typeof usageSchema>;
