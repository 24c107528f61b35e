import type {JsonSchema} from '../../../source/core/json.ts';
import type {Demands, Exception} from '../../helpers/json-schema.ts';

/** An interface whose schemas are in `test/fixtures/wire`. */
export type Interface = 'anthropic' | 'openai-chat' | 'openai-responses' | 'ollama';

const reasoning = {
	because: 'Servers of open models name their thoughts so; the vendor does not show its own here.',
	adds: {reasoning_content: {type: 'string'}},
};

const truncation = {
	because:
		'The package is behind its server: https://github.com/ollama/ollama/blob/main/api/types.go',
};

/** What the types of the packages do not know, or know otherwise, of the wire. */
export const gaps: Readonly<Record<Interface, readonly Exception[]>> = {
	anthropic: [],
	'openai-chat': [
		{type: 'ChatCompletionAssistantMessageParam', ...reasoning},
		{type: 'ChatCompletionChunk.Choice.Delta', ...reasoning},
	],
	'openai-responses': [
		{
			type: 'Response',
			because: 'The package itself puts the text of an answer together, in this field.',
			lacks: ['output_text'],
		},
	],
	ollama: [
		{
			...truncation,
			type: 'ChatRequest',
			adds: {truncate: {const: false}, shift: {const: false}},
		},
		{
			...truncation,
			type: 'Message',
			adds: {tool_call_id: {type: 'string'}},
		},
		{...truncation, type: 'ToolCall', adds: {id: {type: 'string'}}},
		{...truncation, type: 'ToolCall/function', adds: {index: {type: 'integer'}}},
		{
			type: 'Tool/function',
			because: 'The server hands the schema of a tool on to template and grammar as it is.',
			instead: {parameters: {type: 'object', properties: {type: {const: 'object'}}}},
		},
		{
			type: 'ChatResponse',
			because: 'These are in the last line of an answer only, and left out there when they are 0.',
			lacks: [
				'done_reason',
				'total_duration',
				'load_duration',
				'prompt_eval_count',
				'prompt_eval_duration',
				'eval_count',
				'eval_duration',
			],
		},
	],
};

const nullable = 'Nullable in the type, and left out by other servers of the protocol.';

/** What the vendors send and the scripted server does not, since no reader of ours looks at it. */
export const terse: Readonly<Record<Interface, readonly Exception[]>> = {
	anthropic: [
		{type: 'Message', because: nullable, lacks: ['container', 'diagnostics', 'stop_details']},
		{
			type: 'Usage',
			because: nullable,
			lacks: [
				'cache_creation',
				'inference_geo',
				'output_tokens_details',
				'server_tool_use',
				'service_tier',
				'speed',
			],
		},
		{type: 'RawMessageDeltaEvent.Delta', because: nullable, lacks: ['container', 'stop_details']},
		{
			type: 'MessageDeltaUsage',
			because: nullable,
			lacks: [
				'cache_creation_input_tokens',
				'cache_read_input_tokens',
				'input_tokens',
				'output_tokens_details',
				'server_tool_use',
			],
		},
		{type: 'TextBlock', because: nullable, lacks: ['citations']},
		{
			type: 'ToolUseBlock',
			because: 'It tells who calls; our tools have one caller.',
			lacks: ['caller'],
		},
		{type: 'ErrorResponse', because: nullable, lacks: ['request_id']},
	],
	'openai-chat': [{type: 'ErrorObject', because: nullable, lacks: ['param']}],
	'openai-responses': [
		{
			type: 'Response',
			because: 'It repeats the request.',
			lacks: [
				'instructions',
				'metadata',
				'parallel_tool_calls',
				'temperature',
				'tool_choice',
				'tools',
				'top_p',
			],
		},
		{type: 'Response', because: nullable, lacks: ['access_programs', 'incomplete_details']},
		{type: 'Response', because: 'Nobody asks when.', lacks: ['created_at']},
		{
			type: 'ResponseUsage.InputTokensDetails',
			because: 'A new field; the reader takes it when it is there.',
			lacks: ['cache_write_tokens'],
		},
		{type: 'ResponseTextDeltaEvent', because: 'Nobody asks for them.', lacks: ['logprobs']},
		{type: 'ResponseTextDoneEvent', because: 'Nobody asks for them.', lacks: ['logprobs']},
		{type: 'ResponseErrorEvent', because: 'Nobody counts.', lacks: ['sequence_number']},
	],
	ollama: [],
};

const tokens = {type: 'integer', minimum: 1};
const word = {pattern: '^[a-zA-Z0-9_-]+$'};
const name = (length: number) => ({...word, maxLength: length});
const closed = {type: 'object', required: ['type'], properties: {type: {const: 'object'}}};
const someTools = {dependencies: {tool_choice: ['tools']}, properties: {tools: {minItems: 1}}};

/**
 * What the vendors refuse, and their types let pass.
 * https://platform.openai.com/docs/api-reference/chat/create (names),
 * https://platform.openai.com/docs/api-reference/responses/create (the least tokens),
 * https://platform.claude.com/docs/en/api/messages (names, ids), and of empty text and results
 * https://github.com/anomalyco/opencode/issues/31259, https://github.com/jlevy/markform/issues/153
 */
export const sentDemands: Readonly<Record<Interface, Demands>> = {
	anthropic: {
		MessageCreateParamsStreaming: {
			...someTools,
			properties: {
				...someTools.properties,
				max_tokens: tokens,
				system: {type: 'array', minItems: 1},
			},
		},
		MessageCountTokensParams: someTools,
		MessageParam: {properties: {content: {type: 'array', minItems: 1}}},
		Tool: {properties: {name: name(128)}},
		TextBlockParam: {properties: {text: {pattern: '\\S'}}},
		ToolUseBlockParam: {properties: {id: word, input: {type: 'object'}}},
		ThinkingBlockParam: {properties: {signature: {minLength: 1}}},
		ToolResultBlockParam: {
			required: ['content', 'is_error'],
			properties: {tool_use_id: word},
			...whenever({is_error: {const: true}}, {properties: {content: {minLength: 1}}}),
		},
	},
	'openai-chat': {
		ChatCompletionCreateParamsStreaming: {
			...someTools,
			properties: {
				...someTools.properties,
				max_tokens: tokens,
				max_completion_tokens: tokens,
				messages: {minItems: 1},
			},
			oneOf: [{required: ['max_tokens']}, {required: ['max_completion_tokens']}],
		},
		ChatCompletionAssistantMessageParam: {
			required: ['content'],
			properties: {tool_calls: {minItems: 1}},
		},
		'ChatCompletionMessageFunctionToolCall.Function': {
			properties: {arguments: {format: 'json-object'}},
		},
		FunctionDefinition: {required: ['parameters'], properties: {name: name(64)}},
		FunctionParameters: closed,
		'ResponseFormatJSONSchema.JSONSchema': {required: ['schema'], properties: {name: name(64)}},
	},
	'openai-responses': {
		ResponseCreateParamsStreaming: {
			...someTools,
			required: ['model', 'input', 'max_output_tokens'],
			properties: {
				...someTools.properties,
				input: {type: 'array', minItems: 1},
				max_output_tokens: {type: 'integer', minimum: 16},
				store: {const: false},
			},
		},
		InputTokenCountParams: {...someTools, required: ['model', 'input']},
		FunctionTool: {properties: {name: name(64), parameters: closed}},
		ResponseFormatTextJSONSchemaConfig: {properties: {name: name(64)}},
		ResponseReasoningItem: {required: ['encrypted_content']},
		ResponseFunctionToolCall: {
			properties: {call_id: name(64), arguments: {format: 'json-object'}},
		},
		'ResponseInputItem.FunctionCallOutput': {properties: {call_id: name(64)}},
	},
	ollama: {
		ChatRequest: {
			required: ['messages', 'options', 'stream', 'truncate', 'shift'],
			properties: {
				format: {type: 'object'},
				stream: {const: true},
				tools: {minItems: 1},
			},
		},
		'Partial<Options>': {
			required: ['num_ctx', 'num_predict'],
			properties: {num_ctx: tokens, num_predict: tokens},
		},
		Message: {
			properties: {tool_calls: {minItems: 1}},
			...whenever({role: {const: 'tool'}}, {required: ['tool_name']}),
		},
	},
};

/** What the last line of an answer always has. */
export const receivedDemands: Readonly<Partial<Record<Interface, Demands>>> = {
	ollama: {
		ChatResponse: whenever(
			{done: {const: true}},
			{required: ['done_reason', 'prompt_eval_count', 'eval_count']},
		),
	},
};

function whenever(properties: JsonSchema, demand: JsonSchema): JsonSchema {
	return {anyOf: [{not: {properties}}, demand]};
}
