import {z} from 'zod';
import type {ChatRequest, Part} from '../../core/chat.ts';
import type {JsonObject} from '../../core/json.ts';
import {createCallIds, reconcileStopReason, toolCall} from '../transport/call-parts.ts';
import {createExtraFields, extraFieldsOf} from '../transport/extra-fields.ts';
import {finishedReason} from '../transport/stop-reasons.ts';
import {endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {truncationReason} from './detect-truncation.ts';
import type {StreamEvent} from '../provider.ts';
import type {Reader} from '../transport/stream.ts';
import {createThinkTagSplitter, type ThoughtSplit} from '../transport/think-tags.ts';
import {parseWire, tokenCount} from '../transport/wire.ts';

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
	const extra = createExtraFields();
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

	function* readMessage(message: Message): Iterable<StreamEvent> {
		const {content, thinking: thought, tool_calls} = message;
		extra.add(extraFieldsOf(message as JsonObject, messageFields));
		yield* emit({thinking: thought ?? '', text: ''});
		yield* emit(tags.push(content ?? ''));
		for (const call of tool_calls ?? []) {
			calls.push(call);
			yield {type: 'tool-call-started', name: call.function.name};
			yield {type: 'arguments-delta', text: argumentsTextOf(call)};
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

			const more = extra.value();
			const nextId = createCallIds(request);
			const parts: Part[] = [
				...(thinking === '' && more === undefined
					? []
					: [{kind: 'thinking' as const, text: thinking, opaque: {...more, thinking}}]),
				...(text === '' ? [] : [{kind: 'text' as const, text}]),
				...calls.map(call => {
					const opaque = extraFieldsOf(call as JsonObject, callFields);
					return {
						...toolCall(nextId(call.id), call.function.name, argumentsTextOf(call)),
						...(Object.keys(opaque).length === 0 ? {} : {opaque}),
					};
				}),
			];
			const counts = {
				promptTokens: last.prompt_eval_count ?? undefined,
				cachedTokens: last.prompt_eval_cached_count ?? undefined,
				outputTokens: last.eval_count ?? undefined,
				doneReason: last.done_reason ?? undefined,
			};
			const loss = truncationReason(request, contextTokens, counts);
			if (loss !== undefined) {
				throw endpointFailure(endpoint, 'context-overflow', loss);
			}

			const {promptTokens, cachedTokens, outputTokens} = counts;
			const isFull = outputTokens !== undefined && outputTokens < request.maxOutputTokens;
			const usage = {
				input: promptTokens === undefined ? null : Math.max(0, promptTokens - (cachedTokens ?? 0)),
				cacheRead: cachedTokens ?? null,
				cacheWrite: null,
				output: outputTokens ?? null,
				reasoning: null,
				estimated: false,
			};
			const reason = finishedReason(counts.doneReason, {endpoint, usage, isFull});
			return {
				message: {
					role: 'assistant',
					parts,
					origin: {provider: 'ollama', model: request.model},
				},
				stopReason: reconcileStopReason(parts, reason),
				usage,
				model: last.model ?? request.model,
				...(last.eval_duration && outputTokens
					? {tokensPerSecond: (outputTokens / last.eval_duration) * 1e9}
					: {}),
			};
		},
	};
}

/** The arguments, which a few servers in front of Ollama send as text. */
function argumentsTextOf({function: {arguments: given}}: Call): string {
	return typeof given === 'string' ? given : JSON.stringify(given ?? {});
}

const callFields: ReadonlySet<string> = new Set(['function', 'id', 'type']);

/** What becomes a part of the answer, or is of no use in the next request. */
const messageFields: ReadonlySet<string> = new Set([
	'content',
	'images',
	'role',
	'thinking',
	'tool_calls',
]);

/** Calls arrive complete, with arguments as an object, and not always with an id. */
const callSchema = z.looseObject({
	id: z.string().nullish().catch(undefined),
	function: z.object({name: z.string(), arguments: z.json().nullish()}),
});

const text = z.string().nullish().catch(undefined);

const messageSchema = z.looseObject({
	content: text,
	thinking: text,
	tool_calls: z.array(callSchema).nullish(),
});

const chunkSchema = z.object({
	model: text,
	message: messageSchema.nullish(),
	done: z.boolean().nullish(),
	done_reason: text,
	prompt_eval_count: tokenCount,
	/** Included in the count above; only newer servers report it. */
	prompt_eval_cached_count: tokenCount,
	eval_count: tokenCount,
	/** Nanoseconds. */
	eval_duration: tokenCount,
});

type Call = z.infer<typeof callSchema>;
type Message = z.infer<typeof messageSchema>;
type Chunk = z.infer<typeof chunkSchema>;
