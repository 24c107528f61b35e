import {readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {expect, test} from 'vitest';
import {planAnswerJsonSchema} from '../../source/agents/plan-answer.ts';
import type {AssistantMessage, ChatRequest, Message} from '../../source/core/chat.ts';
import {parseJson, type Json} from '../../source/core/json.ts';
import {anthropicBody, anthropicInput} from '../../source/providers/anthropic-messages.ts';
import {createAnthropicReader} from '../../source/providers/anthropic-reader.ts';
import {isJsonObject} from '../../source/providers/calls.ts';
import {endpointOf} from '../../source/providers/endpoint.ts';
import {ollamaBody} from '../../source/providers/ollama-messages.ts';
import {createOllamaReader} from '../../source/providers/ollama-reader.ts';
import {dialectOf} from '../../source/providers/openai-dialects.ts';
import {openAiBody} from '../../source/providers/openai-messages.ts';
import {createOpenAiReader} from '../../source/providers/openai-reader.ts';
import {responsesBody, responsesInput} from '../../source/providers/openai-responses-messages.ts';
import {createResponsesReader} from '../../source/providers/openai-responses-reader.ts';
import type {Reader} from '../../source/providers/stream.ts';
import {createTools, toolSpec} from '../../source/tools/catalog.ts';
import {readWireSchemas, withoutOne, type WireSchemas} from '../helpers/json-schema.ts';
import {errorBody, renderErrorEvent} from '../helpers/model-server/errors.ts';
import {render} from '../helpers/model-server/render.ts';
import type {Answer, Protocol} from '../helpers/model-server/reply.ts';
import {history, request} from './conformance/requests.ts';
import {gaps, receivedDemands, sentDemands, terse, type Interface} from './wire-exceptions.ts';

const interfaces = ['anthropic', 'openai-chat', 'openai-responses', 'ollama'] as const;

/* What we send. */

const llamaServer = dialectOf(endpointOf({type: 'llama-server'}));
const lmStudio = dialectOf(endpointOf({type: 'lmstudio'}));
const vendor = dialectOf(endpointOf({type: 'openai'}));
const compatible = dialectOf(endpointOf({type: 'openai', baseUrl: 'http://127.0.0.1:1'}));
const conceding = compatible.concessions.map(({change}) => ({...compatible, ...change}));
const chatTypes = ['openai-chat', 'ChatCompletionCreateParamsStreaming'] as const;

type Builder = {
	readonly schemas: readonly [Interface, string];
	readonly build: (request: ChatRequest) => object;
	/** Fields of that server only, which the vendor's type does not have. */
	readonly extra?: object;
};

const builders: Readonly<Record<string, Builder>> = {
	'the Messages API': {
		schemas: ['anthropic', 'MessageCreateParamsStreaming'],
		build: anthropicBody,
	},
	"the Messages API's count": {
		schemas: ['anthropic', 'MessageCountTokensParams'],
		build: anthropicInput,
	},
	'the Responses API': {
		schemas: ['openai-responses', 'ResponseCreateParamsStreaming'],
		build: responsesBody,
	},
	"the Responses API's count": {
		schemas: ['openai-responses', 'InputTokenCountParams'],
		build: responsesInput,
	},
	"chat completions of the API's vendor": {
		schemas: chatTypes,
		build: request => openAiBody(request, vendor),
	},
	'LM Studio': {schemas: chatTypes, build: request => openAiBody(request, lmStudio)},
	'llama-server': {
		schemas: chatTypes,
		build: request => openAiBody(request, llamaServer),
		extra: {return_progress: true},
	},
	'another server of chat completions': {
		schemas: chatTypes,
		build: request => openAiBody(request, compatible),
	},
	...Object.fromEntries(
		conceding.map((dialect, index) => [
			`another server, after concession ${index + 1}`,
			{schemas: chatTypes, build: (request: ChatRequest) => openAiBody(request, dialect)},
		]),
	),
	Ollama: {
		schemas: ['ollama', 'ChatRequest'],
		build: request => ollamaBody(request, {canCall: true, contextTokens: 8192}),
	},
	'Ollama, with a model without tools': {
		schemas: ['ollama', 'ChatRequest'],
		build: request => ollamaBody(request, {canCall: false, contextTokens: 8192}),
	},
};

const tools = createTools().map(toolSpec);
const output = {name: 'plan', schema: planAnswerJsonSchema()};
const unicode = 'Grüße, 世界 🎉 \u2028 \u0000';

const requests: Readonly<Record<string, Partial<ChatRequest>>> = {
	'a question': {},
	'no system text': {system: ''},
	'no system text, with tools': {system: '', tools},
	'no tools, and yet a choice': {tools: [], toolChoice: 'required'},
	'the least tokens': {maxOutputTokens: 1},
	'a model that does not reason': {model: 'gpt-4.1'},
	'unicode everywhere': {
		system: unicode,
		messages: calling({id: unicode, text: unicode, path: unicode, result: unicode}),
		tools: [{name: 'read', description: unicode, input: {type: 'object', properties: {}}}],
	},
	'our tools': {tools},
	'our tools, if the model likes': {tools, toolChoice: 'auto'},
	'our tools, which must be used': {tools, toolChoice: 'required'},
	'our tools, which must not be used': {tools, toolChoice: 'none'},
	'a plan': {output},
	'a plan, without system text': {output, system: ''},
	'a history with calls, results and errors': {messages: history, tools},
	'a history, counted for a plan': {messages: history, output},
	'ids as long as some servers make them': {messages: calling({id: `call|${'x'.repeat(90)}`})},
	'only blanks said before a call': {messages: calling({text: '\n\n'})},
	'a result without text': {messages: calling({result: ''})},
	'half a character in a result': {messages: calling({result: '\uD83C'})},
	'half a character in a call': {messages: calling({path: '\uD83C'})},
	'a last turn of the model, to be gone on with': {
		messages: [
			{role: 'user', text: 'Go.'},
			{role: 'assistant', origin: {provider: 'x', model: 'y'}, parts: [{kind: 'text', text: 'I '}]},
		],
	},
};


/** What our readers keep of an answer, and so send back: each to its own model and to all others. */
const thoughts: Readonly<Record<string, Partial<ChatRequest>>> = Object.fromEntries(
	[
		['anthropic', createAnthropicReader(request(), endpointOf({type: 'anthropic'}))],
		['responses', createResponsesReader(request(), endpointOf({type: 'openai'}))],
		['ollama', createOllamaReader(request(), endpointOf({type: 'ollama'}), 8192)],
		...[llamaServer, lmStudio, compatible].map(dialect => [
			'openai',
			createOpenAiReader(request(), endpointOf({type: dialect.type}), dialect),
		] as const),
	].map(([protocol, reader]) => []),
);

/*
 * Requests that builders put wrong so far, by builder: none may be added, and one that is mended has
 * to go.
 */
const faults: Readonly<Record<string, readonly string[]>> = {};

const bodyProblems = (
	{schemas: [, type], build, extra = {}}: Builder,
	schemas: WireSchemas,
): Readonly<Record<string, readonly string[]>> => {
	const found = Object.entries({...requests, ...thoughts}).map(([what, fields]) => {
		const body: Json = JSON.parse(JSON.stringify(build(request(fields))));
		const own = Object.keys(extra);
		const plain = Object.entries(body ?? {}).filter(([field]) => !own.includes(field));
		return [what, [...schemas.problems(type, Object.fromEntries(plain)), ...halves(body)]] as const;
	});
	return Object.fromEntries(found.filter(([, problems]) => problems.length > 0));
};

test.each(Object.entries(builders))('%s gets what its vendor publishes', (name, builder) => {
	const [schemas] = builder.schemas;
	const found = bodyProblems(builder, readSent(schemas));
	const known = faults[name] ?? [];
	expect(known.filter(what => !(what in found))).toEqual([]);
	expect(Object.fromEntries(Object.entries(found).filter(([what]) => !known.includes(what)))).toEqual({});
	expect(builder.build(request())).toMatchObject(builder.extra ?? {});
});

/* What the scripted server sends. */

const answers: Readonly<Record<string, Omit<Answer, 'kind'>>> = {
	text: {text: `Hello. ${unicode}`},
	'no text': {text: ''},
	'a structured answer': {text: '{"city":"Oslo"}'},
	thoughts: {thinking: 'Hm, hm, hm.', text: 'Yes.'},
	calls: {
		thinking: 'Both, then.',
		text: 'I look.',
		calls: [
			{name: 'read_file', arguments: {path: 'a.txt'}},
			{name: 'list_files', arguments: {}, id: 'id-b'},
		],
	},
	'an answer that was cut': {text: 'A long', stop: 'max-tokens'},
	'a refusal': {text: 'No.', stop: 'refusal'},
	'numbers of tokens': {text: 'Hi.', usage: {input: 9, cached: 0, output: 7}},
};

/** Answers that not every protocol has. */
const oddAnswers: Readonly<Record<string, readonly [Omit<Answer, 'kind'>, ...Protocol[]]>> = {
	'a call without id': [
		{calls: [{name: 'read_file', arguments: {path: 'a.txt'}, id: null}]},
		'openai',
		'ollama',
	],
	'arguments that are not JSON': [
		{calls: [{name: 'read_file', arguments: '{"path": '}]},
		'anthropic',
		'openai',
		'responses',
	],
};

const streams = {
	anthropic: ['anthropic', 'RawMessageStreamEvent'],
	openai: ['openai-chat', 'ChatCompletionChunk'],
	responses: ['openai-responses', 'ResponseStreamEvent'],
	ollama: ['ollama', 'ChatResponse'],
} as const satisfies Record<Protocol, readonly [Interface, string]>;

test.each(protocols)('the scripted server streams %s as the vendor does', protocol => {
	const [name] = streams[protocol];
	expect(streamProblems(protocol, readReceived(name))).toEqual({});
});

function streamProblems(protocol: Protocol, schemas: WireSchemas): Readonly<Record<string, unknown>> {
	const [, type] = streams[protocol];
	const odd = Object.entries(oddAnswers)
		.filter(([, [, ...has]]) => has.includes(protocol))
		.map(([what, [answer]]) => [what, answer] as const);
	const found = [...Object.entries(answers), ...odd].map(([what, answer]) => {
		// The package takes this one out of the stream before its types.
		const events = eventsOf(protocol, answer).filter(event => !isDeepStrictEqual(event, {type: 'ping'}));
		return [what, events.flatMap(event => schemas.problems(type, event))] as const;
	});
	const errors = errorsOf(protocol).flatMap(([errorType, error]) => schemas.problems(errorType, error));
	return Object.fromEntries([...found, ['an error', errors] as const].filter(([, lines]) => lines.length > 0));
}

/** What the last event of a broken stream, and the answers with an error status, say. */
function errorsOf(protocol: Protocol): readonly (readonly [type: string, error: Json | undefined])[] {
	const event = dataIn(renderErrorEvent(protocol, 'overloaded_error', 'Overloaded.'));
	const bodies = [400, 401, 404, 429, 500, 529].map(status => errorBody(protocol, status, 'm'));
	const inner = (body: Json | undefined) => (isJsonObject(body) ? body['error'] : undefined);
	switch (protocol) {
		case 'anthropic':
		case 'ollama':
			return [event, ...bodies].map(body => ['ErrorResponse', body]);
		case 'openai':
			return [event, ...bodies].map(body => ['ErrorObject', inner(body)]);
		case 'responses':
			return [['ResponseErrorEvent', event]];
	}
}

/* The files, and what is excepted from them. */

test.each(interfaces)('the schemas of %s are of the package that is installed', name => {
	const {package: from, version} = readWireSchemas(name);
	const file = new URL(`../../node_modules/${from}/package.json`, import.meta.url);
	const installed: unknown = JSON.parse(readFileSync(file, 'utf8'));
	expect(installed, 'npm run wire-schemas writes them anew').toMatchObject({version});
});

test.each(interfaces)('no exception of %s is left that nothing needs', name => {
	const problems = (schemas: WireSchemas) => [
		...Object.values(builders)
			.filter(builder => builder.schemas[0] === name)
			.map(builder => bodyProblems(builder, schemas)),
		...protocols
			.filter(protocol => streams[protocol][0] === name)
			.map(protocol => streamProblems(protocol, schemas)),
	];
	const exceptions = [...gaps[name], ...terse[name]];
	const all = problems(readWireSchemas(name, exceptions));
	const needless = withoutOne(exceptions).filter(([, others]) =>
		isDeepStrictEqual(problems(readWireSchemas(name, others)), all),
	);
	expect(needless.map(([field]) => field)).toEqual([]);
});

const readSent = (name: Interface) => readWireSchemas(name, gaps[name], sentDemands[name]);
const readReceived = (name: Interface) =>
	readWireSchemas(name, [...gaps[name], ...terse[name]], receivedDemands[name]);

function calling({
	id = 'call_1',
	text = 'I look.',
	path = 'a.txt',
	result = 'forty-two',
}): readonly Message[] {
	return [
		{role: 'user', text: 'Look.'},
		{
			role: 'assistant',
			origin: {provider: 'elsewhere', model: 'other'},
			parts: [
				{kind: 'text', text},
				{
					kind: 'tool-call',
					id,
					name: 'read_file',
					argumentsText: JSON.stringify({path}),
					arguments: {path},
				},
			],
		},
		{role: 'tool', callId: id, name: 'read_file', text: result, isError: true},
	];
}
