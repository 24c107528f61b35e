import {z} from 'zod';
import type {ChatRequest, Part, StopReason, Usage} from '../../core/chat.ts';
import {isJsonObject, parseJson, type Json, type JsonObject} from '../../core/json.ts';
import {createCallIds, reconcileStopReason, toolCall} from '../transport/call-parts.ts';
import {extraFieldsOf} from '../transport/extra-fields.ts';
import {endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {maxBlocks} from '../transport/limits.ts';
import type {StreamEvent} from '../provider.ts';
import type {Reader} from '../transport/stream.ts';
import {finishedReason} from '../transport/stop-reasons.ts';
import {parseWire, tokenCount} from '../transport/wire.ts';

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
			yield {type: delta.thinking ? 'thinking-delta' : 'text-delta', text};
		}

		if (json !== '') {
			yield {type: 'arguments-delta', text: json};
		}
	}

	/** A complete answer, from a server that does not stream. */
	function* readMessage(message: z.infer<typeof messageSchema>): Iterable<StreamEvent> {
		model = message.model ?? model;
		usage = withoutNulls(message.usage);
		stopReason = message.stop_reason ?? stopReason;
		for (const [index, block] of message.content.entries()) {
			yield* startBlock(index, block);
		}

		hasEnded = true;
	}

	return {
		*read(value) {
			const event = parseWire(eventSchema, value, endpoint);
			if (event.type === 'message') {
				yield* readMessage(parseWire(messageSchema, value, endpoint));
				return;
			}

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
			const counted = usageOf(usage);
			const reason = finishedReason(stopReason, {endpoint, usage: counted});
			const whole = isLimit(reason) ? dropPartialCall(drafts) : drafts;
			const parts = whole.flatMap(block => partOf(block, nextId));
			return {
				message: {
					role: 'assistant',
					parts,
					origin: {provider: 'anthropic', model: request.model},
				},
				stopReason: reconcileStopReason(parts, reason),
				usage: counted,
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
			const {input = {}} = start;
			const given = typeof input === 'string' ? input : JSON.stringify(input);
			const opaque = extraFieldsOf(raw, callFields);
			return [
				{
					...toolCall(nextId(start.id), start.name ?? '', json === '' ? given : json),
					...(Object.keys(opaque).length === 0 ? {} : {opaque}),
				},
			];
		}

		default: {
			const input = json === '' ? {} : {input: parseJson(json) ?? {}};
			return [{kind: 'thinking', text: '', opaque: {...raw, ...input}}];
		}
	}
}

const callFields: ReadonlySet<string> = new Set(['id', 'input', 'name', 'type']);

/** A limit may cut off the last call: its arguments are then not an object, or missing. */
function dropPartialCall(blocks: readonly DraftBlock[]): readonly DraftBlock[] {
	const last = blocks.at(-1);
	const isPartial =
		last?.start.type === 'tool_use' && !isJsonObject(parseJson(last.json || wholeInput(last)));
	return isPartial ? blocks.slice(0, -1) : blocks;
}

/** The input of a call that came in one piece. */
function wholeInput({start: {input}}: DraftBlock): string {
	return isJsonObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
}

function isLimit(reason: StopReason): boolean {
	return reason === 'max-tokens' || reason === 'context-full';
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

function withoutNulls(usage: WireUsage | null | undefined): WireUsage {
	return Object.fromEntries(Object.entries(usage ?? {}).filter(([, value]) => value !== null));
}

const usageSchema = z.object({
	input_tokens: tokenCount,
	cache_read_input_tokens: tokenCount,
	cache_creation_input_tokens: tokenCount,
	output_tokens: tokenCount,
	output_tokens_details: z.object({thinking_tokens: tokenCount}).nullish().catch(undefined),
});

const text = z.string().nullish();
const wireUsageSchema = usageSchema.nullish().catch(undefined);

const blockSchema = z.object({
	type: z.string(),
	id: text,
	name: text,
	text,
	thinking: text,
	input: z.json().optional(),
});

const deltaSchema = z.object({
	text,
	thinking: text,
	signature: text,
	partial_json: text,
	stop_reason: text,
});

/** https://platform.claude.com/docs/en/build-with-claude/streaming; other events are ignored. */
const eventSchema = z.object({
	type: z.string(),
	index: z.number().int().nonnegative().optional(),
	message: z.object({model: text, usage: wireUsageSchema}).nullish(),
	content_block: z.record(z.string(), z.json()).optional(),
	delta: deltaSchema.optional(),
	usage: wireUsageSchema,
});

const messageSchema = z.object({
	content: z.array(z.record(z.string(), z.json())),
	model: text,
	stop_reason: text,
	usage: wireUsageSchema,
});

type BlockStart = z.infer<typeof blockSchema>;
type Delta = z.infer<typeof deltaSchema>;
type WireUsage = z.infer<typeof usageSchema>;
