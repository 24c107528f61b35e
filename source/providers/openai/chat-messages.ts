import type OpenAI from 'openai';
import type {AssistantMessage, ChatRequest, Message} from '../../core/chat.ts';
import {isJsonObject, type Json, type JsonSchema} from '../../core/json.ts';
import {argumentsTextOf} from '../transport/call-parts.ts';
import type {Dialect} from './dialects.ts';
import {wellFormed} from '../transport/well-formed.ts';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;
type MessageParam = OpenAI.ChatCompletionMessageParam;

/** A request for `POST /chat/completions`. */
export function openAiBody(request: ChatRequest, dialect: Dialect): Body {
	const {
		model,
		system,
		messages,
		tools = [],
		toolChoice,
		output,
		maxOutputTokens,
	} = wellFormed(request);
	const instructions = [system, ...instructionsOf(output, dialect)].filter(text => text !== '');
	return {
		model,
		messages: [
			...(instructions.length === 0
				? []
				: [{role: dialect.systemRole, content: instructions.join('\n\n')}]),
			...messages.flatMap(message => openAiMessages(message, model, dialect)),
		],
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({name, description, input}) => ({
						type: 'function' as const,
						function: {name, description, parameters: input},
					})),
					...(toolChoice === undefined ? {} : {tool_choice: toolChoice}),
				}),
		...(output === undefined ? {} : {response_format: formatOf(output, dialect)}),
		[dialect.maxTokens]: maxOutputTokens,
		...dialect.extra,
		stream: true,
		...(dialect.streamOptions ? {stream_options: {include_usage: true}} : {}),
	};
}

type Output = NonNullable<ChatRequest['output']>;

function formatOf(
	{name, schema}: Output,
	{structured}: Dialect,
): NonNullable<Body['response_format']> {
	return structured === 'json-object'
		? {type: 'json_object'}
		: {type: 'json_schema', json_schema: {name, schema, strict: fitsStrictMode(schema)}};
}

/** A server that only enforces JSON needs the schema as instructions. */
function instructionsOf(output: Output | undefined, {structured}: Dialect): readonly string[] {
	return output === undefined || structured === 'json-schema'
		? []
		: [`Answer with one JSON document of this JSON Schema:\n${JSON.stringify(output.schema)}`];
}

function openAiMessages(
	message: Message,
	model: string,
	{type, echoesReasoning}: Dialect,
): MessageParam[] {
	switch (message.role) {
		case 'user':
			return [{role: 'user', content: message.text}];
		case 'tool':
			return [{role: 'tool', tool_call_id: message.callId, content: message.text}];
		case 'assistant': {
			const {origin} = message;
			const isOwn = origin.provider === type && origin.model === model;
			return assistantMessages(message, isOwn && echoesReasoning);
		}
	}
}

function assistantMessages({parts}: AssistantMessage, withReasoning: boolean): MessageParam[] {
	const text = parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
	const calls = parts
		.filter(part => part.kind === 'tool-call')
		.map(call => ({
			id: call.id,
			type: 'function' as const,
			function: {
				name: call.name,
				arguments: argumentsTextOf(call),
			},
		}));
	if (text === '' && calls.length === 0) {
		return [];
	}

	// The field in which the server sent its reasoning, see `createOpenAiReader`.
	const reasoning = parts.find(part => part.kind === 'thinking')?.opaque;
	return [
		{
			role: 'assistant',
			content: text === '' ? null : text,
			...(withReasoning ? reasoningFields(reasoning) : {}),
			...(calls.length === 0 ? {} : {tool_calls: calls}),
		},
	];
}

/** Thoughts of compatible servers only: the vendor's own API has reasoning items. */
function reasoningFields(reasoning: Json | undefined): Record<string, string> {
	const {reasoning_content: content, reasoning: plain} = isJsonObject(reasoning) ? reasoning : {};
	return {
		...(typeof content === 'string' ? {reasoning_content: content} : {}),
		...(typeof plain === 'string' ? {reasoning: plain} : {}),
	};
}

/**
 * Whether the vendor accepts a schema in strict mode: every object closed and every property
 * required. https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function fitsStrictMode(schema: JsonSchema): boolean {
	const {properties, required, additionalProperties, type} = {...emptySchema, ...schema};
	const isClosed =
		type !== 'object' ||
		(additionalProperties === false &&
			isJsonObject(properties) &&
			Array.isArray(required) &&
			Object.keys(properties).every(key => required.includes(key)));
	return isClosed && Object.values(schema).flatMap(subschemas).every(fitsStrictMode);
}

const emptySchema: JsonSchema = {
	properties: {},
	required: [],
	additionalProperties: null,
	type: null,
};

/**
 * All objects directly below a value, looking through what is not a schema (a map of properties).
 */
function subschemas(value: Json): JsonSchema[] {
	if (Array.isArray(value)) {
		return value.flatMap(subschemas);
	}

	return isJsonObject(value) ? [value] : [];
}
