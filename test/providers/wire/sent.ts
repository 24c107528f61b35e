import {planForm} from '../../../source/agents/plan-answer.ts';
import {toolCallsOf, type ChatRequest, type Message} from '../../../source/core/chat.ts';
import {isJsonObject, parseJson, type Json} from '../../../source/core/json.ts';
import {anthropicBody, anthropicInput} from '../../../source/providers/anthropic/messages.ts';
import {createAnthropicReader} from '../../../source/providers/anthropic/reader.ts';
import {endpointOf} from '../../../source/providers/transport/endpoint.ts';
import {ollamaBody} from '../../../source/providers/ollama/messages.ts';
import {createOllamaReader} from '../../../source/providers/ollama/reader.ts';
import {dialectOf, type Dialect} from '../../../source/providers/openai/dialects.ts';
import {openAiBody} from '../../../source/providers/openai/chat-messages.ts';
import {createOpenAiReader} from '../../../source/providers/openai/chat-reader.ts';
import {
	responsesBody,
	responsesInput,
} from '../../../source/providers/openai/responses-messages.ts';
import {createResponsesReader} from '../../../source/providers/openai/responses-reader.ts';
import type {Reader} from '../../../source/providers/transport/stream.ts';
import {createTools, toolSpec} from '../../../source/tools/catalog.ts';
import type {WireSchemas} from '../../helpers/json-schema.ts';
import type {Protocol} from '../../helpers/model-server/reply.ts';
import {history, request} from '../conformance/requests.ts';
import type {Interface} from './exceptions.ts';
import {eventsOf, wholeAnswer} from './received.ts';

export type Builder = {
	readonly types: readonly [Interface, type: string];
	readonly build: (request: ChatRequest) => object;
	/** Fields of that server only, with their values; the vendor of the protocol does not have them. */
	readonly extra?: Readonly<Record<string, Json>>;
};

const chat = (dialect: Dialect): Builder => ({
	types: ['openai-chat', 'ChatCompletionCreateParamsStreaming'],
	build: request => openAiBody(request, dialect),
});

const vendor = dialectOf(endpointOf({type: 'openai'}));
const compatibleEndpoint = endpointOf({type: 'openai', baseUrl: 'http://127.0.0.1:1'});
const compatible = dialectOf(compatibleEndpoint);
const lmStudio = dialectOf(endpointOf({type: 'lmstudio'}));
const llamaServer = dialectOf(endpointOf({type: 'llama-server'}));

/** Everything that makes a body of a request. */
export const builders: Readonly<Record<string, Builder>> = {
	Anthropic: {
		types: ['anthropic', 'MessageCreateParamsStreaming'],
		build: request => anthropicBody(request),
	},
	'Anthropic, who counts': {
		types: ['anthropic', 'MessageCountTokensParams'],
		build: request => anthropicInput(request),
	},
	OpenAI: {
		types: ['openai-responses', 'ResponseCreateParamsStreaming'],
		build: request => responsesBody(request),
	},
	'OpenAI, who counts': {
		types: ['openai-responses', 'InputTokenCountParams'],
		build: responsesInput,
	},
	'OpenAI, for a chat': chat(vendor),
	'a compatible server': chat(compatible),
	...Object.fromEntries(
		[
			'max_tokens',
			'stream_options',
			'schema of response_format',
			'response_format',
			'role system',
			'tool_choice',
			'ids of calls',
		].map(refused => [
			`a compatible server that refused ${refused}`,
			chat(dialectOf(compatibleEndpoint, new Set([refused]))),
		]),
	),
	'LM Studio': chat(lmStudio),
	'llama-server': {...chat(llamaServer), extra: {return_progress: true}},
	Ollama: {
		types: ['ollama', 'ChatRequest'],
		build: request => ollamaBody(request, {canCall: true, contextTokens: 8192}),
	},
	'Ollama, whose model has no tools': {
		types: ['ollama', 'ChatRequest'],
		build: request => ollamaBody(request, {canCall: false, contextTokens: 8192}),
	},
};

/** What is wrong with the bodies of all requests, by request. */
export function problemsSent(
	{types: [, type], build, extra = {}}: Builder,
	schemas: WireSchemas,
): Readonly<Record<string, readonly string[]>> {
	const found = Object.entries(requests()).map(([what, fields]) => {
		const body: unknown = JSON.parse(JSON.stringify(build(request(fields))));
		const common = Object.entries(body ?? {}).filter(([field]) => !(field in extra));
		const problems = schemas.problems(type, Object.fromEntries(common));
		return [what, [...problems, ...halfCharacters(body)]] as const;
	});
	return Object.fromEntries(found.filter(([, problems]) => problems.length > 0));
}

const tools = createTools().map(toolSpec);
const {name, schema} = planForm();
const output = {name, schema};
const unicode = 'Grüße, 世界 🎉 \u2028 \u0000';

const requests = (): Readonly<Record<string, Partial<ChatRequest>>> => ({
	'a question': {},
	'a question without system text': {system: ''},
	'no tools, and yet a choice': {tools: [], toolChoice: 'required'},
	'the least tokens': {maxOutputTokens: 1},
	'a model that does not reason': {model: 'gpt-4.1'},
	tools: {tools},
	'tools without system text': {tools, system: ''},
	'tools, if the model likes': {tools, toolChoice: 'auto'},
	'tools, of which one must be used': {tools, toolChoice: 'required'},
	'tools, of which none must be used': {tools, toolChoice: 'none'},
	'a plan': {output},
	'a plan without system text': {output, system: ''},
	'a history with calls, results and errors': {messages: history, tools},
	'a plan after a history': {messages: history, output},
	unicode: {
		system: unicode,
		messages: calling({id: unicode, text: unicode, path: unicode, result: unicode}),
		tools: [{name: 'read', description: unicode, input: {type: 'object', properties: {}}}],
	},
	'ids as long as some servers make them': {messages: calling({id: `call|${'x'.repeat(90)}`})},
	'blanks before a call': {messages: calling({text: '\n\n'})},
	'an error without text': {messages: calling({result: ''})},
	'half a character in a result': {messages: calling({result: '\uD83C'})},
	'half a character in a call': {messages: calling({path: '\uD83C'})},
	'a last turn of the model': {
		messages: [
			{role: 'user', text: 'Go.'},
			{
				role: 'assistant',
				origin: {provider: 'elsewhere', model: 'other'},
				parts: [{kind: 'text', text: 'I go '}],
			},
		],
	},
	'thoughts of Anthropic': readBack(
		'anthropic',
		createAnthropicReader(request(), endpointOf({type: 'anthropic'})),
	),
	'thoughts of OpenAI': readBack(
		'responses',
		createResponsesReader(request(), endpointOf({type: 'openai'})),
	),
	'thoughts of Ollama': readBack(
		'ollama',
		createOllamaReader(request(), endpointOf({type: 'ollama'}), 8192),
	),
	...Object.fromEntries(
		[compatible, lmStudio, llamaServer].map(dialect => [
			`thoughts of ${dialect.type} over chat completions`,
			readBack('openai', createOpenAiReader(request(), endpointOf({type: dialect.type}), dialect)),
		]),
	),
});

/** What a reader keeps of an answer, with the results of its calls. */
function readBack(protocol: Protocol, reader: Reader<Json | undefined>): Partial<ChatRequest> {
	const seen = eventsOf(protocol, wholeAnswer).flatMap(event => [...reader.read(event)]);
	const message = reader.answer()?.message;
	if (message === undefined || seen.length === 0) {
		throw new Error(`The answer of ${protocol} has no end.`);
	}

	return {
		messages: [
			{role: 'user', text: 'Go.'},
			message,
			...toolCallsOf(message).map(({id, name}) => ({
				role: 'tool' as const,
				callId: id,
				name,
				text: 'forty-two',
				isError: false,
			})),
		],
	};
}

/** A conversation in which another model has called a tool, which failed. */
function calling({
	id = 'call_1',
	text = 'I look.',
	path = 'a.txt',
	result = 'There is no a.txt.',
}: Readonly<Partial<Record<'id' | 'text' | 'path' | 'result', string>>>): readonly Message[] {
	const called = {
		kind: 'tool-call' as const,
		id,
		name: 'read_file',
		argumentsText: JSON.stringify({path}),
		arguments: {path},
	};
	return [
		{role: 'user', text: 'Look.'},
		{
			role: 'assistant',
			origin: {provider: 'elsewhere', model: 'other'},
			parts: [{kind: 'text', text}, called],
		},
		{role: 'tool', callId: id, name: 'read_file', text: result, isError: true},
	];
}

/**
 * Texts, also within the arguments of calls, that begin or end within a surrogate pair: parsers that
 * are strict refuse the whole body. https://github.com/anthropics/claude-code/issues/3277
 */
function halfCharacters(value: unknown, place = ''): readonly string[] {
	if (typeof value === 'string') {
		const inner = parseJson(value);
		return value.isWellFormed()
			? isJsonObject(inner)
				? halfCharacters(inner, place)
				: []
			: [`${place}: must not have half a character`];
	}

	return typeof value === 'object' && value !== null
		? Object.entries(value).flatMap(([key, inner]) => halfCharacters(inner, `${place}/${key}`))
		: [];
}
