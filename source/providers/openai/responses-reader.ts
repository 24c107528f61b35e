import {z} from 'zod';
import type {ChatRequest, Part, StopReason, Usage} from '../../core/chat.ts';
import type {Json, JsonObject} from '../../core/json.ts';
import {createCallIds, reconcileStopReason, toolCall} from '../transport/call-parts.ts';
import {classifyErrorEvent, endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {maxBlocks} from '../transport/limits.ts';
import type {StreamEvent} from '../provider.ts';
import type {Reader} from '../transport/stream.ts';
import {parseWire} from '../transport/wire.ts';

/**
 * Assembles an answer from the events of the Responses API. A call counts once its item is done, so
 * that an incomplete one is never passed on.
 */
export function createResponsesReader(
	request: ChatRequest,
	endpoint: Endpoint,
): Reader<Json | undefined> {
	const items = new Map<number, DraftItem>();
	let end: WireResponse | undefined;
	let {model} = request;

	const itemAt = (index: number, type: string): DraftItem => {
		const item = items.get(index) ?? {type, text: '', argumentsText: '', section: 0};
		if (items.size >= maxBlocks && !items.has(index)) {
			throw endpointFailure(endpoint, 'output-cut', `more than ${maxBlocks} parts`);
		}

		items.set(index, item);
		return item;
	};

	function* emit(item: DraftItem, text: string): Iterable<StreamEvent> {
		item.text += text;
		if (text !== '') {
			yield {type: item.type === 'reasoning' ? 'thinking-delta' : 'text-delta', text};
		}
	}

	function* startItem(index: number, raw: JsonObject): Iterable<StreamEvent> {
		const {type, name, call_id} = parseWire(itemSchema, raw, endpoint);
		Object.assign(itemAt(index, type), {name, callId: call_id});
		if (type === 'function_call') {
			yield {type: 'tool-call-started', name: name ?? ''};
		}
	}

	function* continueItem(event: WireEvent): Iterable<StreamEvent> {
		const {output_index: index = 0, delta = ''} = event;
		switch (event.type) {
			case 'response.output_text.delta':
				yield* emit(itemAt(index, 'message'), delta);
				return;
			case 'response.refusal.delta': {
				const item = itemAt(index, 'message');
				item.refused = true;
				yield* emit(item, delta);
				return;
			}

			case 'response.reasoning_summary_text.delta':
			case 'response.reasoning_text.delta': {
				const item = itemAt(index, 'reasoning');
				const section = event.summary_index ?? event.content_index ?? 0;
				const gap = section === item.section ? '' : '\n\n';
				item.section = section;
				yield* emit(item, gap + delta);
				return;
			}

			case 'response.function_call_arguments.delta':
				itemAt(index, 'function_call').argumentsText += delta;
				yield {type: 'arguments-delta', text: delta};
		}
	}

	function* finishItem(index: number, raw: JsonObject): Iterable<StreamEvent> {
		const {type, name, call_id, arguments: given, content} = parseWire(itemSchema, raw, endpoint);
		const item = itemAt(index, type);
		item.raw = raw;
		item.name ??= name;
		item.callId ??= call_id;
		item.argumentsText = given ?? item.argumentsText;
		if (type === 'message' && item.text === '') {
			item.refused ||= content?.some(part => part.refusal);
			yield* emit(item, (content ?? []).map(part => part.text ?? part.refusal ?? '').join(''));
		}
	}

	return {
		*read(value) {
			if (value === undefined) {
				return;
			}

			const event = parseWire(eventSchema, value, endpoint);
			model = event.response?.model ?? model;
			switch (event.type) {
				case 'response.completed':
				case 'response.incomplete':
					end = event.response ?? {};
					return;
				case 'response.failed':
					throw classifyErrorEvent(endpoint, {error: event.response?.error ?? 'it failed'});
				case 'error':
					throw classifyErrorEvent(endpoint, value);
				case 'response.output_item.added':
					yield* startItem(event.output_index ?? 0, event.item ?? {});
					return;
				case 'response.output_item.done':
					yield* finishItem(event.output_index ?? 0, event.item ?? {});
					return;
				default:
					yield* continueItem(event);
			}
		},
		hasEnded: () => end !== undefined,
		text: () =>
			[...items.values()].map(item => (item.type === 'message' ? item.text : '')).join(''),
		answer() {
			if (end === undefined) {
				return undefined;
			}

			const nextId = createCallIds(request);
			const drafts = [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
			const parts = drafts.flatMap(item => partOf(item, nextId));
			const isRefused = drafts.some(item => item.refused);
			return {
				message: {role: 'assistant', parts, origin: {provider: 'openai', model: request.model}},
				stopReason: reconcileStopReason(parts, isRefused ? 'refusal' : stopReasonOf(end)),
				usage: usageOf(end.usage),
				model,
			};
		},
	};
}

type DraftItem = {
	readonly type: string;
	/** As received, once it is done. */
	raw?: JsonObject;
	name?: string | null | undefined;
	callId?: string | null | undefined;
	text: string;
	argumentsText: string;
	refused?: boolean | undefined;
	/** The latest part of the summary. */
	section: number;
};

/** Items of tools that run at the vendor are not requested and are left out. */
function partOf(
	{type, raw, name, callId, text, argumentsText}: DraftItem,
	nextId: (given: string | null | undefined) => string,
): Part[] {
	switch (type) {
		case 'message':
			return text === '' ? [] : [{kind: 'text', text}];
		case 'reasoning':
			return [{kind: 'thinking', text, ...(raw === undefined ? {} : {opaque: raw})}];
		case 'function_call':
			return raw === undefined || raw['status'] === 'incomplete'
				? []
				: [toolCall(nextId(callId), name ?? '', argumentsText)];
		default:
			return [];
	}
}

function stopReasonOf({incomplete_details: details}: WireResponse): StopReason {
	if (!details) {
		return 'end';
	}

	return details.reason === 'content_filter' ? 'refusal' : 'max-tokens';
}

/** The wire's totals include cached and reasoning tokens. */
function usageOf(usage: WireResponse['usage']): Usage {
	const cacheRead = usage?.input_tokens_details?.cached_tokens ?? null;
	const cacheWrite = usage?.input_tokens_details?.cache_write_tokens ?? null;
	const input = usage?.input_tokens ?? null;
	return {
		input: input === null ? null : Math.max(0, input - (cacheRead ?? 0) - (cacheWrite ?? 0)),
		cacheRead,
		cacheWrite,
		output: usage?.output_tokens ?? null,
		reasoning: usage?.output_tokens_details?.reasoning_tokens ?? null,
		estimated: false,
	};
}

const text = z.string().nullish();
const tokens = z.number().nullish();
const place = z.number().int().nonnegative().optional();

const itemSchema = z.object({
	type: z.string(),
	name: text,
	call_id: text,
	arguments: text,
	content: z.array(z.object({text, refusal: text})).nullish(),
});

const responseSchema = z.object({
	model: z.string().optional(),
	incomplete_details: z.object({reason: text}).nullish(),
	error: z.object({code: text, type: text, message: text}).nullish(),
	usage: z
		.object({
			input_tokens: tokens,
			input_tokens_details: z.object({cached_tokens: tokens, cache_write_tokens: tokens}).nullish(),
			output_tokens: tokens,
			output_tokens_details: z.object({reasoning_tokens: tokens}).nullish(),
		})
		.nullish(),
});

/** https://platform.openai.com/docs/api-reference/responses-streaming; other events are ignored. */
const eventSchema = z.object({
	type: z.string(),
	output_index: place,
	summary_index: place,
	content_index: place,
	delta: z.string().optional().catch(undefined),
	item: z.record(z.string(), z.json()).optional(),
	response: responseSchema.optional(),
});

type WireEvent = z.infer<typeof eventSchema>;
type WireResponse = z.infer<typeof responseSchema>;
