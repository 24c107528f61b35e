import {afterEach, expect, test} from 'vitest';
import {collectAll} from '../../helpers/model-server/collect.ts';
import type {AssistantMessage} from '../../../source/core/chat.ts';
import type {Json} from '../../../source/core/json.ts';
import {anthropicBody, anthropicInput} from '../../../source/providers/anthropic/messages.ts';
import {createAnthropicProvider} from '../../../source/providers/anthropic/adapter.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {request, tools} from '../conformance/requests.ts';
import {ask} from '../conformance/streams.ts';
import {raw, startModelServer, type ModelServer} from '../../helpers/model-server.ts';
import {patienceMs} from '../../helpers/patience.ts';

let server: ModelServer | undefined;
afterEach(async () => server?.close());

const mark = {type: 'ephemeral'};

test('marks what all turns share, and the last block, for the cache; sends no temperature', () => {
	const body = anthropicBody(request({tools, toolChoice: 'required'}));
	expect(body).toMatchObject({
		max_tokens: 256,
		system: [{type: 'text', text: 'Be brief.', cache_control: mark}],
		cache_control: mark,
		tool_choice: {type: 'any'},
		stream: true,
	});
	expect(body).not.toHaveProperty('temperature');
	expect(JSON.stringify(body.tools)).not.toContain('cache_control');
	const withoutSystem = anthropicBody(request({tools, system: ''}));
	expect(withoutSystem).not.toHaveProperty('system');
	expect(withoutSystem.tools?.at(-1)).toMatchObject({name: 'list', cache_control: mark});
});

test('ids of other providers are made fit', () => {
	const {messages} = anthropicBody(
		request({
			messages: [
				{
					role: 'assistant',
					origin: {provider: 'openai', model: 'other'},
					parts: [{kind: 'tool-call', id: 'functions.read:0', name: 'read', argumentsText: '{}'}],
				},
				{role: 'tool', callId: 'functions.read:0', name: 'read', text: 'ok', isError: false},
			],
		}),
	);
	expect(messages).toMatchObject([
		{content: [{type: 'tool_use', id: 'functions_read_0'}]},
		{content: [{type: 'tool_result', tool_use_id: 'functions_read_0'}]},
	]);
});

test('keeps thinking blocks as they came, signature and unknown fields too', async () => {
	const events: readonly {readonly type: string; readonly [key: string]: Json}[] = [
		{type: 'message_start', message: {model: 'm-1', usage: {input_tokens: 5, output_tokens: 1}}},
		{
			type: 'content_block_start',
			index: 0,
			content_block: {type: 'thinking', thinking: '', signature: '', novel: [1]},
		},
		{type: 'content_block_delta', index: 0, delta: {type: 'signature_delta', signature: 'abc'}},
		{type: 'content_block_start', index: 1, content_block: {type: 'redacted_thinking', data: 'x'}},
		{type: 'content_block_start', index: 2, content_block: {type: 'server_tool_use', id: 's'}},
		{type: 'content_block_start', index: 3, content_block: {type: 'text', text: 'Done.'}},
		{
			type: 'message_delta',
			delta: {stop_reason: 'pause_turn'},
			usage: {
				input_tokens: null,
				cache_creation_input_tokens: 3,
				output_tokens: 9,
				output_tokens_details: {thinking_tokens: 4},
			},
		},
		{type: 'message_stop'},
	];
	const text = events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
	server = await startModelServer(() => raw(text.join(''), 'text/event-stream'));
	const provider = createAnthropicProvider(
		{type: 'anthropic', baseUrl: server.url, apiKey: 'key'},
		{fetch: createFetch()},
	);
	const {signal} = new AbortController();
	const options = {signal, idleMs: patienceMs, firstByteMs: patienceMs, retry: 0};
	const last = (await collectAll(provider.stream(request(), options))).at(-1);
	expect(last).toMatchObject({
		type: 'finished',
		answer: {
			model: 'm-1',
			stopReason: 'pause',
			usage: {input: 5, cacheRead: null, cacheWrite: 3, output: 9, reasoning: 4},
			message: {
				parts: [
					{
						kind: 'thinking',
						opaque: {type: 'thinking', thinking: '', signature: 'abc', novel: [1]},
					},
					{kind: 'thinking', text: '', opaque: {type: 'redacted_thinking', data: 'x'}},
					{kind: 'thinking', text: '', opaque: {type: 'server_tool_use', id: 's'}},
					{kind: 'text', text: 'Done.'},
				],
			},
		},
	});
});

type Event = {readonly type: string; readonly [key: string]: Json};

const stream = (...events: readonly Event[]) =>
	raw(
		events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
		'text/event-stream',
	);

const block = (index: number, content_block: Json, ...deltas: readonly Json[]): Event[] => [
	{type: 'content_block_start', index, content_block},
	...deltas.map(delta => ({type: 'content_block_delta', index, delta})),
	{type: 'content_block_stop', index},
];

const stopped = (stop_reason: string): Event[] => [
	{type: 'message_delta', delta: {stop_reason}, usage: {output_tokens: 9}},
	{type: 'message_stop'},
];

async function start(...answers: readonly (readonly Event[])[]) {
	server = await startModelServer(({ordinal}) => stream(...(answers[ordinal] ?? [])));
	const provider = createAnthropicProvider(
		{type: 'anthropic', baseUrl: server.url, apiKey: 'key'},
		{fetch: createFetch()},
	);
	return {server, provider};
}

test('a paused turn goes back whole, so that the model goes on with it', async () => {
	const {server: own, provider} = await start(
		[
			...block(0, {type: 'thinking', thinking: ''}, {type: 'signature_delta', signature: 'abc'}),
			...block(1, {type: 'text', text: 'I search. '}),
			...block(
				2,
				{type: 'server_tool_use', id: 's', name: 'web_search', input: {}},
				{type: 'input_json_delta', partial_json: '{"query":'},
				{type: 'input_json_delta', partial_json: '"x"}'},
			),
			...stopped('pause_turn'),
		],
		[...block(0, {type: 'text', text: 'Found.'}), ...stopped('end_turn')],
	);
	const {message, stopReason} = await ask(provider, request());
	expect(stopReason).toBe('pause');
	await ask(provider, request({messages: [{role: 'user', text: 'Go.'}, message]}));
	expect(own.requests[1]?.body['messages']).toEqual([
		{role: 'user', content: [{type: 'text', text: 'Go.'}]},
		{
			role: 'assistant',
			content: [
				{type: 'thinking', thinking: '', signature: 'abc'},
				{type: 'text', text: 'I search. '},
				{type: 'server_tool_use', id: 's', name: 'web_search', input: {query: 'x'}},
			],
		},
	]);
});

test('a last turn of the model does not end with a blank, or a thought', () => {
	const turn = (...parts: AssistantMessage['parts']) =>
		anthropicBody(
			request({
				messages: [
					{role: 'user', text: 'Go.'},
					{role: 'assistant', origin: {provider: 'anthropic', model: 'test-model'}, parts},
				],
			}),
		).messages.slice(1);
	const thought = (type: string) => ({kind: 'thinking' as const, text: '', opaque: {type}});
	const text = {kind: 'text' as const, text: 'Half a \n'};
	const content = [{type: 'text', text: 'Half a'}];
	expect(turn(text)).toEqual([{role: 'assistant', content}]);
	expect(turn(text, thought('thinking'), thought('redacted_thinking'))).toEqual([
		{role: 'assistant', content},
	]);
	expect(turn({kind: 'text', text: ' '})).toEqual([]);
});

test.each([
	['refusal', 'refusal'],
	['model_context_window_exceeded', 'context-full'],
	['max_tokens', 'max-tokens'],
	['stop_sequence', 'end'],
])('%s ends an answer as %s', async (wire, stopReason) => {
	const {provider} = await start([
		...block(0, {type: 'text', text: 'I'}, {type: 'text_delta', text: ' see'}),
		...stopped(wire),
	]);
	expect(await ask(provider, request())).toMatchObject({
		stopReason,
		message: {parts: [{kind: 'text', text: 'I see'}]},
	});
});

test.each(['', '{"path": "a'])('a call that a limit cut after %j is left out', async half => {
	const deltas = half === '' ? [] : [{type: 'input_json_delta', partial_json: half}];
	const events = [
		...block(
			0,
			{type: 'tool_use', id: 'a', name: 'list', input: {}},
			{type: 'input_json_delta', partial_json: '{}'},
		),
		...block(1, {type: 'tool_use', id: 'b', name: 'read', input: {}}, ...deltas),
		...stopped('max_tokens'),
	];
	const {provider} = await start(events);
	const {message, stopReason} = await ask(provider, request());
	expect(stopReason).toBe('max-tokens');
	expect(message.parts).toMatchObject([{kind: 'tool-call', id: 'a', name: 'list'}]);
});

test('tokens are counted of the request as it would be sent, cache marks and all', async () => {
	const {server: own, provider} = await start();
	await provider.countTokens?.(request({tools}), {signal: AbortSignal.timeout(patienceMs)});
	expect(own.visits).toEqual(['POST /v1/messages/count_tokens']);
	expect(anthropicBody(request({tools}))).toEqual({
		...anthropicInput(request({tools})),
		max_tokens: 256,
		stream: true,
	});
});
