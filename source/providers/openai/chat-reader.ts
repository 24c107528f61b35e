import type {ChatRequest, Part} from '../../core/chat.ts';
import type {Json, JsonObject} from '../../core/json.ts';
import {createCallIds, reconcileStopReason, toolCall} from '../transport/call-parts.ts';
import {createExtraFields, extraFieldsOf} from '../transport/extra-fields.ts';
import {endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {argumentsOf, createDraftCalls, type CallDelta} from './chat-calls.ts';
import {chunkSchema, saidIn, usageOf, type Choice, type WireMessage} from './chat-chunk.ts';
import type {WireUsage} from './chat-chunk.ts';
import type {Dialect} from './dialects.ts';
import type {StreamEvent} from '../provider.ts';
import type {Reader} from '../transport/stream.ts';
import {finishedReason} from '../transport/stop-reasons.ts';
import {createThinkTagSplitter, type ThoughtSplit} from '../transport/think-tags.ts';
import {parseWire} from '../transport/wire.ts';

/**
 * Assembles an answer from chat completion chunks, or from a complete answer; `undefined` stands for
 * `[DONE]`. Throws kind `model-missing` if another model answers than the requested one.
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
	/** The field of the reasoning; `undefined` if the server sent none. */
	let reasoningField: ReasoningField | undefined;
	/** Whether the reasoning came as parts of the content, which are not sent back. */
	let thinksInParts = false;
	const extra = createExtraFields();
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

	function* readMessage(message: WireMessage): Iterable<StreamEvent> {
		const {content, refusal, tool_calls, function_call: called} = message;
		for (const field of reasoningFields) {
			const value = message[field];
			reasoningField = typeof value === 'string' ? (reasoningField ?? field) : reasoningField;
		}

		const said = saidIn(content ?? undefined);
		const thought =
			saidIn(message.reasoning_content || undefined).text ||
			saidIn(message.reasoning || undefined).text;
		thinksInParts ||= said.thinking !== '';
		yield* emit({thinking: thought + said.thinking, text: ''});
		yield* emit(tags.push(said.text));
		yield* emit({thinking: '', text: refusal ?? ''});
		extra.add(extraFieldsOf(message as JsonObject, messageFields));
		yield* readCalls([...(tool_calls ?? []), ...(called ? [{index: 0, function: called}] : [])]);
	}

	function* readCalls(parts: readonly CallDelta[]): Iterable<StreamEvent> {
		for (const part of parts) {
			const name = calls.push(part);
			if (name !== undefined) {
				yield {type: 'tool-call-started', name};
			}

			const piece = argumentsOf(part);
			if (piece !== '') {
				yield {type: 'arguments-delta', text: piece};
			}
		}
	}

	function* readChoice({delta, message, finish_reason}: Choice): Iterable<StreamEvent> {
		const said = delta ?? message;
		if (said) {
			yield* readMessage(said);
		}

		finishReason = finish_reason || finishReason;
		finishReason = said?.refusal ? 'refusal' : finishReason;
		if (finish_reason) {
			yield* emit(tags.flush());
		}
	}

	/** Reasoning, and what else has to go back with the message. */
	const thinkingPart = (): readonly Part[] => {
		const field =
			reasoningField ?? (thinksInParts || reasoning === '' ? undefined : 'reasoning_content');
		const more = extra.value();
		if (field === undefined && more === undefined && reasoning === '') {
			return [];
		}

		const opaque = {...more, ...(field === undefined ? {} : {[field]: reasoning})};
		return [{kind: 'thinking', text: reasoning, opaque}];
	};

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

			const usage = usageOf(wireUsage);
			const isFull =
				dialect.lengthMeansFull && (usage.output ?? Infinity) < request.maxOutputTokens;
			const reason = finishedReason(finishReason, {endpoint, usage, isFull});
			const nextId = createCallIds(request);
			const parts: Part[] = [
				...thinkingPart(),
				...(text === '' ? [] : [{kind: 'text' as const, text}]),
				...calls.list().map(call => {
					const opaque = call.extra.value();
					return {
						...toolCall(nextId(call.id), call.name, call.argumentsText),
						...(opaque === undefined ? {} : {opaque}),
					};
				}),
			];
			return {
				message: {
					role: 'assistant',
					parts,
					origin: {provider: dialect.type, model: request.model},
				},
				stopReason: reconcileStopReason(parts, reason),
				usage,
				model,
				...(tokensPerSecond === undefined ? {} : {tokensPerSecond}),
			};
		},
	};
}

const reasoningFields = ['reasoning_content', 'reasoning'] as const;

type ReasoningField = (typeof reasoningFields)[number];

/** What becomes a part of the answer, or is of no use in the next request. */
const messageFields: ReadonlySet<string> = new Set([
	...reasoningFields,
	'annotations',
	'audio',
	'content',
	'function_call',
	'refusal',
	'role',
	'tool_calls',
]);
