import {afterEach, expect, test} from 'vitest';
import {collectAll} from '../helpers/model-server/collect.ts';
import type {Json} from '../../source/core/json.ts';
import {anthropicBody} from '../../source/providers/anthropic-messages.ts';
import {createAnthropicProvider} from '../../source/providers/anthropic.ts';
import {createFetch} from '../../source/providers/fetch.ts';
import {request, tools} from './conformance/requests.ts';
import {raw, startModelServer, type ModelServer} from '../helpers/model-server.ts';

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
	const options = {signal, idleMs: 10_000, firstByteMs: 10_000, retry: 0};
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
					{kind: 'text', text: 'Done.'},
				],
			},
		},
	});
});
