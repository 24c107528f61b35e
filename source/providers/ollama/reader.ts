import {z} from 'zod';
import type {ChatRequest, Part, StopReason} from '../../core/chat.ts';
import {createCallIds, reconcileStopReason, toolCall} from '../transport/call-parts.ts';
import {endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {truncationReason} from './detect-truncation.ts';
import type {StreamEvent} from '../provider.ts';
import type {Reader} from '../transport/stream.ts';
import {createThinkTagSplitter, type ThoughtSplit} from '../transport/think-tags.ts';
import {parseWire} from '../transport/wire.ts';

/**
 * Assembles an answer from the chunks of `/api/chat`. Throws kind `context-overflow` if the server
 * dropped part of the request.
 */
export function createOllamaReader(
	request: ChatRequest,
	endpoint: Endpoint,
	contextTokens: number,
): Reader<unknown> {
	const tags = createThinkTagSplitter();
	let text = '';
	let thinking = '';
	const calls: Call[] = [];
	let last: Chunk | undefined;

	function* emit(split: ThoughtSplit): Iterable<StreamEvent> {
		if (split.reclassified) {
			thinking += text;
			text = '';
		}

		thinking += split.thinking;
		text += split.text;
		if (split.thinking !== '') {
			yield {type: 'thinking-delta', text: split.thinking};
		}

		if (split.text !== '') {
			yield {type: 'text-delta', text: split.text};
		}
	}

	function* readMessage({content, thinking: thought, tool_calls}: Message): Iterable<StreamEvent> {
		yield* emit({thinking: thought ?? '', text: ''});
		yield* emit(tags.push(content ?? ''));
		for (const call of tool_calls ?? []) {
			calls.push(call);
			yield {type: 'tool-call-started', name: call.function.name};
			yield {type: 'arguments-delta', text: JSON.stringify(call.function.arguments ?? {})};
		}
	}

	return {
		*read(value) {
			const chunk = parseWire(chunkSchema, value, endpoint);
			last = chunk.done ? chunk : last;
			if (chunk.message) {
				yield* readMessage(chunk.message);
			}

			if (chunk.done) {
				yield* emit(tags.flush());
			}
		},
		hasEnded: () => last !== undefined,
		text: () => text,
		answer() {
			if (last === undefined) {
				return undefined;
			}

			const nextId = createCallIds(request);
			const parts: Part[] = [
				...(thinking === ''
					? []
					: [{kind: 'thinking' as const, text: thinking, opaque: {thinking}}]),
				...(text === '' ? [] : [{kind: 'text' as const, text}]),
				...calls.map(call =>
					toolCall(
						nextId(call.id),
						call.function.name,
						JSON.stringify(call.function.arguments ?? {}),
					),
				),
			];
			const counts = {
				promptTokens: last.prompt_eval_count,
				cachedTokens: last.prompt_eval_cached_count,
				outputTokens: last.eval_count,
				doneReason: last.done_reason,
			};
			const loss = truncationReason(request, contextTokens, counts);
			if (loss !== undefined) {
				throw endpointFailure(endpoint, 'context-overflow', loss);
			}

			const {promptTokens, cachedTokens, outputTokens} = counts;
			const isFull = outputTokens !== undefined && outputTokens < request.maxOutputTokens;
			return {
				message: {
					role: 'assistant',
					parts,
					origin: {provider: 'ollama', model: request.model},
				},
				stopReason: reconcileStopReason(parts, stopReasonOf(last.done_reason, isFull)),
				usage: {
					input:
						promptTokens === undefined ? null : Math.max(0, promptTokens - (cachedTokens ?? 0)),
					cacheRead: cachedTokens ?? null,
					cacheWrite: null,
					output: outputTokens ?? null,
					reasoning: null,
					estimated: false,
				},
				model: last.model ?? request.model,
				...(last.eval_duration && outputTokens
					? {tokensPerSecond: (outputTokens / last.eval_duration) * 1e9}
					: {}),
			};
		},
	};
}

function stopReasonOf(reason: string | undefined, isFull: boolean): StopReason {
	if (reason !== 'length') {
		return 'end';
	}

	return isFull ? 'context-full' : 'max-tokens';
}

/** Calls arrive complete, with arguments as an object, and not always with an id. */
const callSchema = z.object({
	id: z.string().optional(),
	function: z.object({name: z.string(), arguments: z.record(z.string(), z.json()).nullish()}),
});

const messageSchema = z.object({
	content: z.string().nullish(),
	thinking: z.string().nullish(),
	tool_calls: z.array(callSchema).nullish(),
});

const chunkSchema = z.object({
	model: z.string().optional(),
	message: messageSchema.nullish(),
	done: z.boolean(),
	done_reason: z.string().optional(),
	prompt_eval_count: z.number().optional(),
	/** Included in the count above; only newer servers report it. */
	prompt_eval_cached_count: z.number().optional(),
	eval_count: z.number().optional(),
	/** Nanoseconds. */
	eval_duration: z.number().optional(),
});

type Call = z.infer<typeof callSchema>;
type Message = z.infer<typeof messageSchema>;
type Chunk = z.infer<typeof chunkSchema>;
