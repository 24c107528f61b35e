import {createHash} from 'node:crypto';
import type OpenAI from 'openai';
import type {AssistantMessage, ChatRequest, Message, Part} from '../../core/chat.ts';
import {isJsonObject, type JsonObject} from '../../core/json.ts';
import {argumentsTextOf} from '../transport/call-parts.ts';
import {fitsStrictMode} from './chat-messages.ts';
import {withoutFields} from '../transport/concessions.ts';
import {wellFormed} from '../transport/well-formed.ts';

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;
type Item = OpenAI.Responses.ResponseInputItem;

/**
 * A request for `POST /v1/responses`. Nothing is stored at the vendor, so reasoning is exchanged
 * encrypted. https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
 */
export function responsesBody(
	request: ChatRequest,
	leftOut: ReadonlySet<string> = new Set(),
	options: JsonObject = {},
): Body {
	const body = {
		...responsesInput(request),
		max_output_tokens: Math.max(minOutputTokens, request.maxOutputTokens),
		...(isReasoningModel(request.model) ? {include: ['reasoning.encrypted_content']} : {}),
		store: false,
		...options,
		stream: true,
	};
	return withoutFields(body, leftOut, requiredFields) as unknown as Body;
}

export const requiredFields: ReadonlySet<string> = new Set([
	'model',
	'input',
	'instructions',
	'tools',
	'store',
	'stream',
]);

/** The part of a request that counts as input, for `POST /v1/responses/input_tokens`. */
export function responsesInput(request: ChatRequest): Omit<Body, 'stream'> {
	const {model, system, messages, tools = [], toolChoice, output} = wellFormed(request);
	return {
		model,
		...(system === '' ? {} : {instructions: system}),
		input: messages.flatMap(message => inputItems(message, model)),
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({name, description, input}) => ({
						type: 'function' as const,
						name,
						description,
						parameters: input,
						strict: fitsStrictMode(input),
					})),
					...(toolChoice === undefined ? {} : {tool_choice: toolChoice}),
					parallel_tool_calls: true,
				}),
		...(output === undefined
			? {}
			: {
					text: {
						format: {
							type: 'json_schema' as const,
							name: output.name,
							schema: output.schema,
							strict: fitsStrictMode(output.schema),
						},
					},
				}),
	};
}

/** The API's minimum. */
const minOutputTokens = 16;

/** Models that don't reason reject requests for encrypted reasoning. */
function isReasoningModel(model: string): boolean {
	return !/^(ft:)?(gpt-[34]|chatgpt)|-chat-latest$/.test(model);
}

function inputItems(message: Message, model: string): Item[] {
	switch (message.role) {
		case 'user':
			return [{role: 'user', content: message.text}];
		case 'tool':
			return [
				{type: 'function_call_output', call_id: wireId(message.callId), output: message.text},
			];
		case 'assistant':
			return assistantItems(message, model);
	}
}

function assistantItems({parts, origin}: AssistantMessage, model: string): Item[] {
	const isOwn = origin.provider === 'openai' && origin.model === model;
	// The API rejects a thought without what it led to.
	const end = parts.findLastIndex(part => part.kind !== 'thinking' && !isEmpty(part)) + 1;
	return parts.slice(0, end).flatMap((part): Item[] => {
		switch (part.kind) {
			case 'text':
				return isEmpty(part) ? [] : [{role: 'assistant', content: part.text}];
			case 'tool-call':
				return [
					{
						type: 'function_call',
						call_id: wireId(part.id),
						name: part.name,
						arguments: argumentsTextOf(part),
					},
				];
			case 'thinking':
				return isOwn ? reasoningItem(part.opaque) : [];
		}
	});
}

function isEmpty(part: Part): boolean {
	return part.kind === 'text' && part.text === '';
}

/**
 * As received. Without its encrypted content, the API would look for it in the store, which is
 * empty.
 */
function reasoningItem(opaque: Extract<Part, {kind: 'thinking'}>['opaque']): Item[] {
	return isJsonObject(opaque) &&
		opaque['type'] === 'reasoning' &&
		typeof opaque['encrypted_content'] === 'string'
		? [opaque as unknown as Item]
		: [];
}

/** Ids from other providers may have characters, or a length, that this API rejects. */
function wireId(id: string): string {
	const plain = id.replace(/[^\w-]/g, '_');
	return plain.length <= 64
		? plain
		: `call_${createHash('sha256').update(id).digest('hex')}`.slice(0, 64);
}
