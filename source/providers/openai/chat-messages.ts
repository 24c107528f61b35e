import type OpenAI from 'openai';
import {
	textOf,
	toolCallsOf,
	type AssistantMessage,
	type ChatRequest,
	type Message,
} from '../../core/chat.ts';
import {isJsonObject, type Json, type JsonSchema} from '../../core/json.ts';
import {alternateRoles, separateCalls} from '../transport/alternate-roles.ts';
import {withoutFields} from '../transport/concessions.ts';
import {schemaInstruction} from '../transport/schema-instruction.ts';
import {argumentsTextOf, strictId} from '../transport/call-parts.ts';
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
		temperature,
		maxOutputTokens,
	} = wellFormed(request);
	const instructions = [system, ...instructionsOf(output, dialect)]
		.filter(text => text !== '')
		.join('\n\n');
	const format = output && formatOf(output, dialect);
	const body = {
		model,
		messages: withInstructions(instructions, chatMessages(messages, model, dialect), dialect),
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({name, description, input}) => ({
						type: 'function' as const,
						function: {name, description, parameters: input},
					})),
					...(toolChoice === undefined ? {} : {tool_choice: toolChoice}),
				}),
		...(format === undefined ? {} : {response_format: format}),
		...(temperature === undefined ? {} : {temperature}),
		[dialect.maxTokens]: maxOutputTokens,
		...dialect.extra,
		stream: true as const,
		stream_options: {include_usage: true},
	};
	return withoutFields(body, dialect.leftOut);
}

/** The fields of a body that its server may do without, those of its messages included. */
export function optionalFields({messages, ...body}: Body): ReadonlySet<string> {
	const echoed = messages.flatMap(message => [
		...Object.keys(message),
		...('tool_calls' in message ? (message.tool_calls ?? []).flatMap(Object.keys) : []),
	]);
	return new Set([...Object.keys(body), ...echoed].filter(name => !requiredFields.has(name)));
}

const requiredFields: ReadonlySet<string> = new Set([
	'content',
	'function',
	'id',
	'messages',
	'model',
	'role',
	'stream',
	'tool_call_id',
	'tool_calls',
	'tools',
	'type',
]);

type Output = NonNullable<ChatRequest['output']>;

function formatOf({name, schema}: Output, {structured}: Dialect): Body['response_format'] {
	switch (structured) {
		case 'json-schema':
			return {
				type: 'json_schema',
				json_schema: {name, schema, strict: fitsStrictMode(schema)},
			};
		case 'json-object':
			return {type: 'json_object'};
		case 'instructions':
			return undefined;
	}
}

/** A server that does not enforce the schema needs it as instructions. */
function instructionsOf(output: Output | undefined, {structured}: Dialect): readonly string[] {
	return output === undefined || structured === 'json-schema'
		? []
		: [schemaInstruction(output.schema)];
}

function withInstructions(
	instructions: string,
	messages: readonly MessageParam[],
	{systemRole}: Dialect,
): MessageParam[] {
	if (instructions === '') {
		return [...messages];
	}

	const [first, ...rest] = messages;
	return systemRole !== 'user'
		? [{role: systemRole, content: instructions}, ...messages]
		: first?.role === 'user' && typeof first.content === 'string'
			? [{role: 'user', content: `${instructions}\n\n${first.content}`}, ...rest]
			: [{role: 'user', content: instructions}, ...messages];
}

function chatMessages(
	messages: readonly Message[],
	model: string,
	dialect: Dialect,
): readonly MessageParam[] {
	const ids = new Map<string, string>();
	const separate = dialect.callsPerMessage === 'one' ? separateCalls(messages) : messages;
	return alternateRoles(separate).map((message): MessageParam => {
		switch (message.role) {
			case 'user':
				return {role: 'user', content: message.text};
			case 'tool': {
				const {callId, text} = message;
				return {role: 'tool', tool_call_id: ids.get(callId) ?? callId, content: text};
			}

			case 'assistant': {
				const {origin} = message;
				const isOwn = origin.provider === dialect.type && origin.model === model;
				for (const {id} of toolCallsOf(message)) {
					ids.set(id, isOwn && dialect.callIds === 'received' ? id : strictId(id));
				}

				return assistantMessage(message, {isOwn, ids, dialect});
			}
		}
	});
}

function assistantMessage(
	message: AssistantMessage,
	{
		isOwn,
		ids,
		dialect,
	}: {
		readonly isOwn: boolean;
		readonly ids: ReadonlyMap<string, string>;
		readonly dialect: Dialect;
	},
): MessageParam {
	const {leftOut, echoesReasoning} = dialect;
	const text = textOf(message);
	const calls = toolCallsOf(message).map(call => ({
		id: ids.get(call.id) ?? call.id,
		type: 'function' as const,
		function: {name: call.name, arguments: argumentsTextOf(call)},
		...(isOwn ? withoutFields(call.opaque ?? {}, leftOut) : {}),
	}));
	// As `createOpenAiReader` keeps it; the vendor's own reasoning items have a type.
	const received = message.parts.find(part => part.kind === 'thinking')?.opaque;
	const echoed =
		isOwn && echoesReasoning !== 'never' && isJsonObject(received) && !('type' in received)
			? withoutFields(received, leftOut)
			: {};
	return {
		...(echoesReasoning === 'always' ? {reasoning_content: ''} : {}),
		...echoed,
		role: 'assistant',
		content: text === '' ? null : text,
		...(calls.length === 0 ? {} : {tool_calls: dialect.signsCalls ? signed(calls) : calls}),
	};
}

/**
 * Gemini requires a signature on the first call of a turn and accepts this text for calls that it has not
 * made. https://ai.google.dev/gemini-api/docs/thought-signatures#faqs
 */
function signed<Call extends object>(calls: readonly Call[]): Call[] {
	return calls.some(call => 'extra_content' in call)
		? [...calls]
		: calls.map((call, index) =>
				index === 0
					? {
							...call,
							extra_content: {google: {thought_signature: 'skip_thought_signature_validator'}},
						}
					: call,
			);
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
