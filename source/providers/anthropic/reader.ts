import {z} from 'zod';
import type {ChatRequest, Part, StopReason, Usage} from '../../core/chat.ts';
import {isJsonObject, parseJson, type Json, type JsonObject} from '../../core/json.ts';
import {createCallIds, reconcileStopReason, toolCall} from '../transport/call-parts.ts';
import {endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {maxBlocks} from '../transport/limits.ts';
import type {StreamEvent} from '../provider.ts';
import type {Reader} from '../transport/stream.ts';
import {parseWire} from '../transport/wire.ts';

/** Assembles an answer from the events of the Messages API. */
export function createAnthropicReader(
	request: ChatRequest,
	endpoint: Endpoint,
): Reader<Json | undefined> {
	const blocks = new Map<number, DraftBlock>();
	let {model} = request;
	let usage: WireUsage = {};
	let stopReason: string | undefined;
	let hasEnded = false;

	function* startBlock(index: number, raw: JsonObject): Iterable<StreamEvent> {
		const start = parseWire(blockSchema, raw, endpoint);
		const block = {raw, start, text: start.text ?? start.thinking ?? '', signature: '', json: ''};
		blocks.set(index, block);
		if (blocks.size > maxBlocks) {
			throw endpointFailure(endpoint, 'output-cut', `more than ${maxBlocks} blocks`);
		}

		if (start.type === 'tool_use') {
			yield {type: 'tool-call-started', name: start.name ?? ''};
		} else if (block.text !== '') {
			const type = start.type === 'thinking' ? 'thinking-delta' : 'text-delta';
			yield {type, text: block.text};
		}
	}

	function* continueBlock(index: number, delta: Delta): Iterable<StreamEvent> {
		const block = blocks.get(index);
		if (block === undefined) {
			return;
		}

		const text = delta.text ?? delta.thinking ?? '';
		block.text += text;
		block.signature += delta.signature ?? '';
		const json = delta.partial_json ?? '';
		block.json += json;
		if (text !== '') {
			yield {type: delta.thinking === undefined ? 'text-delta' : 'thinking-delta', text};
		}

		if (json !== '') {
			yield {type: 'arguments-delta', text: json};
		}
	}

	return {
		*read(value) {
			const event = parseWire(eventSchema, value, endpoint);
			model = event.message?.model ?? model;
			usage = {...usage, ...withoutNulls(event.message?.usage), ...withoutNulls(event.usage)};
			stopReason = event.delta?.stop_reason ?? stopReason;
			hasEnded ||= event.type === 'message_stop';
			const {index = 0, content_block: start, delta} = event;
			if (start !== undefined) {
				yield* startBlock(index, start);
			} else if (event.type === 'content_block_delta' && delta !== undefined) {
				yield* continueBlock(index, delta);
			}
		},
		hasEnded: () => hasEnded,
		text: () =>
			[...blocks.values()].map(block => (block.start.type === 'text' ? block.text : '')).join(''),
		answer() {
			if (!hasEnded) {
				return undefined;
			}

			const nextId = createCallIds(request);
			const drafts = [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
			const reason = stopReasonOf(stopReason);
			const whole = isLimit(reason) ? dropPartialCall(drafts) : drafts;
			const parts = whole.flatMap(block => partOf(block, nextId));
			return {
				message: {
					role: 'assistant',
					parts,
					origin: {provider: 'anthropic', model: request.model},
				},
				stopReason: reconcileStopReason(parts, reason),
				usage: usageOf(usage),
				model,
			};
		},
	};
}

type DraftBlock = {
	/** As received, with unknown fields. */
	raw: JsonObject;
	start: BlockStart;
	text: string;
	signature: string;
	json: string;
};

/**
 * Unknown blocks (of tools that run at the vendor) are kept like thoughts: a paused turn can only
 * be continued if it is sent back complete.
 */
function partOf(
	{raw, start, text, signature, json}: DraftBlock,
	nextId: (given: string | null | undefined) => string,
): Part[] {
	switch (start.type) {
		case 'text':
			return text === '' ? [] : [{kind: 'text', text}];
		case 'thinking': {
			const signed = signature === '' ? {} : {signature};
			return [{kind: 'thinking', text, opaque: {...raw, thinking: text, ...signed}}];
		}

		case 'redacted_thinking':
			return [{kind: 'thinking', text: '', opaque: raw}];
		case 'tool_use': {
			const argumentsText = json === '' ? JSON.stringify(start.input ?? {}) : json;
			return [toolCall(nextId(start.id), start.name ?? '', argumentsText)];
		}

		default: {
			const input = json === '' ? {} : {input: parseJson(json) ?? {}};
			return [{kind: 'thinking', text: '', opaque: {...raw, ...input}}];
		}
	}
}

/** A limit may cut off the last call: its arguments are then not an object, or missing. */
function dropPartialCall(blocks: readonly DraftBlock[]): readonly DraftBlock[] {
	const last = blocks.at(-1);
	const isPartial = last?.start.type === 'tool_use' && !isJsonObject(parseJson(last.json));
	return isPartial ? blocks.slice(0, -1) : blocks;
}

function isLimit(reason: StopReason): boolean {
	return reason === 'max-tokens' || reason === 'context-full';
}

function stopReasonOf(reason: string | undefined): StopReason {
	switch (reason) {
		case 'max_tokens':
			return 'max-tokens';
		case 'model_context_window_exceeded':
			return 'context-full';
		case 'refusal':
			return 'refusal';
		case 'pause_turn':
			return 'pause';
		default:
			return 'end';
	}
}

/** The wire's input count excludes the cache, like ours; output counts are cumulative. */
function usageOf(usage: WireUsage): Usage {
	return {
		input: usage.input_tokens ?? null,
		cacheRead: usage.cache_read_input_tokens ?? null,
		cacheWrite: usage.cache_creation_input_tokens ?? null,
		output: usage.output_tokens ?? null,
		reasoning: usage.output_tokens_details?.thinking_tokens ?? null,
		estimated: false,
	};
}

function withoutNulls(usage: WireUsage | undefined): WireUsage {
	return Object.fromEntries(Object.entries(usage ?? {}).filter(([, value]) => value !== null));
}

const tokens = z.number().nullish();

const usageSchema = z.object({
	input_tokens: tokens,
	cache_read_input_tokens: tokens,
	cache_creation_input_tokens: tokens,
	output_tokens: tokens,
	output_tokens_details: z.object({thinking_tokens: tokens}).nullish(),
});

const blockSchema = z.object({
	type: z.string(),
	id: z.string().nullish(),
	name: z.string().optional(),
	text: z.string().optional(),
	thinking: z.string().optional(),
	input: z.json().optional(),
});

const deltaSchema = z.object({
	text: z.string().optional(),
	thinking: z.string().optional(),
	signature: z.string().optional(),
	partial_json: z.string().optional(),
	stop_reason: z.string().nullish(),
});

/** https://platform.claude.com/docs/en/build-with-claude/streaming; other events are ignored. */
const eventSchema = z.object({
	type: z.string(),
	index: z.number().int().nonnegative().optional(),
	message: z.object({model: z.string().optional(), usage: usageSchema.optional()}).optional(),
	content_block: z.record(z.string(), z.json()).optional(),
	delta: deltaSchema.optional(),
	usage: usageSchema.optional(),
});

type BlockStart = z.infer<typeof blockSchema>;
type Delta = z.infer<typeof deltaSchema>;
type WireUsage = z.infer<typeof usageSchema>;
