import type OpenAI from 'openai';
import type {AssistantMessage, ChatRequest, Message} from '../core/chat.ts';
import type {Json, JsonSchema} from '../core/json.ts';
import {argumentsOf, isJsonObject} from './calls.ts';
import type {Dialect} from './openai-dialects.ts';
import type {HttpProviderType} from './defaults.ts';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;
type MessageParam = OpenAI.ChatCompletionMessageParam;

/** A request as `POST /chat/completions` takes it. */
export function openAiBody(request: ChatRequest, dialect: Dialect): Body {
	const {model, system, messages, tools = [], toolChoice, output, maxOutputTokens} = request;
	const instructions: MessageParam[] =
		system === '' ? [] : [{role: dialect.systemRole, content: system}];
	return {
		model,
		messages: [
			...instructions,
			...messages.flatMap(message => openAiMessages(message, model, dialect.type)),
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
		...(output === undefined
			? {}
			: {
					response_format: {
						type: 'json_schema',
						json_schema: {
							name: output.name,
							schema: output.schema,
							strict: fitsStrictMode(output.schema),
						},
					},
				}),
		[dialect.maxTokens]: maxOutputTokens,
		...dialect.extra,
		stream: true,
		stream_options: {include_usage: true},
	};
}

function openAiMessages(
	message: Message,
	model: string,
	provider: HttpProviderType,
): MessageParam[] {
	switch (message.role) {
		case 'user':
			return [{role: 'user', content: message.text}];
		case 'tool':
			return [{role: 'tool', tool_call_id: message.callId, content: message.text}];
		case 'assistant': {
			const {origin} = message;
			return assistantMessages(message, origin.provider === provider && origin.model === model);
		}
	}
}

function assistantMessages({parts}: AssistantMessage, isOwn: boolean): MessageParam[] {
	const text = parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
	const calls = parts
		.filter(part => part.kind === 'tool-call')
		.map(call => ({
			id: call.id,
			type: 'function' as const,
			function: {
				name: call.name,
				arguments: call.arguments ? call.argumentsText : JSON.stringify(argumentsOf(call)),
			},
		}));
	if (text === '' && calls.length === 0) {
		return [];
	}

	// The field that the server put its reasoning into, see `createOpenAiReader`.
	const reasoning = parts.find(part => part.kind === 'thinking')?.opaque;
	return [
		{
			role: 'assistant',
			content: text === '' ? null : text,
			...(isOwn && isJsonObject(reasoning) ? reasoning : {}),
			...(calls.length === 0 ? {} : {tool_calls: calls}),
		},
	];
}

/**
 * Whether the vendor takes a schema in strict mode: every object closed and every property
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

/** All objects right below a value; what is no schema (a map of properties) is looked through. */
function subschemas(value: Json): JsonSchema[] {
	if (Array.isArray(value)) {
		return value.flatMap(subschemas);
	}

	return isJsonObject(value) ? [value] : [];
}
