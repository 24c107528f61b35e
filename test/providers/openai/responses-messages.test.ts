import {expect, test} from 'vitest';
import type {AssistantMessage, ChatRequest} from '../../../source/core/chat.ts';
import {
	responsesBody,
	responsesInput,
} from '../../../source/providers/openai/responses-messages.ts';
import {history, request, schema, tools} from '../conformance/requests.ts';

test('a request is stored nowhere and asks for encrypted reasoning', () => {
	expect(responsesBody(request())).toEqual({
		model: 'test-model',
		instructions: 'Be brief.',
		input: [{role: 'user', content: 'Hello.'}],
		max_output_tokens: 256,
		include: ['reasoning.encrypted_content'],
		store: false,
		stream: true,
	});
});

test.each(['gpt-4.1', 'gpt-4o-mini', 'ft:gpt-4o:acme', 'gpt-5-chat-latest'])(
	'%s, which does not reason, is not asked for reasoning',
	model => {
		expect(responsesBody(request({model}))).not.toHaveProperty('include');
	},
);

test('asks for no less than the API gives', () => {
	expect(responsesBody(request({maxOutputTokens: 1}))).toMatchObject({max_output_tokens: 16});
});

test('tools are flat, and strict only where their schema allows', () => {
	const strict = {name: 'place', description: 'Names a place.', input: schema};
	expect(responsesBody(request({tools: [...tools, strict], toolChoice: 'required'}))).toMatchObject(
		{
			tools: [
				{type: 'function', name: 'read', description: 'Reads a file.', strict: false},
				{name: 'list', strict: false},
				{name: 'place', parameters: schema, strict: true},
			],
			tool_choice: 'required',
			parallel_tool_calls: true,
		},
	);
	const without = responsesBody(request({tools: [], toolChoice: 'required'}));
	expect(without).not.toHaveProperty('tool_choice');
	expect(without).not.toHaveProperty('parallel_tool_calls');
});

test('a structured answer is asked for as text of a format', () => {
	expect(responsesBody(request({output: {name: 'place', schema}})).text).toEqual({
		format: {type: 'json_schema', name: 'place', schema, strict: true},
	});
});

test('what is counted is the input alone', () => {
	expect(responsesInput(request({messages: history, tools}))).not.toHaveProperty('stream');
	expect(responsesInput(request())).not.toHaveProperty('max_output_tokens');
});

const thought = (id: string, fields = {encrypted_content: 'secret'}) => ({
	kind: 'thinking' as const,
	text: 'Hm.',
	opaque: {type: 'reasoning', id, summary: [], status: 'completed', ...fields},
});

const said = (...parts: AssistantMessage['parts']): ChatRequest =>
	request({
		messages: [{role: 'assistant', origin: {provider: 'openai', model: 'test-model'}, parts}],
	});

test('reasoning goes back exactly as it came, in its place', () => {
	const first = thought('rs_1');
	const call = {
		kind: 'tool-call',
		id: 'c',
		name: 'list',
		argumentsText: '{}',
		arguments: {},
	} as const;
	const {input} = responsesBody(
		said(first, {kind: 'text', text: 'I look.'}, thought('rs_2'), call),
	);
	expect(input).toEqual([
		first.opaque,
		{role: 'assistant', content: 'I look.'},
		thought('rs_2').opaque,
		{type: 'function_call', call_id: 'c', name: 'list', arguments: '{}'},
	]);
});

test('reasoning that would be refused stays out: without its content, or what it led to', () => {
	const bare = {...thought('rs_1'), opaque: {type: 'reasoning', id: 'rs_1', summary: []}};
	const text = {kind: 'text' as const, text: 'Done.'};
	expect(responsesBody(said(bare, text)).input).toEqual([{role: 'assistant', content: 'Done.'}]);
	expect(responsesBody(said(text, thought('rs_2'))).input).toHaveLength(1);
	expect(responsesBody(said(thought('rs_3'), {kind: 'text', text: ''})).input).toEqual([]);
});

test('ids of other providers are made fit, the call and its result alike', () => {
	const long = `call.${'x'.repeat(80)}`;
	const {input} = responsesBody(
		request({
			messages: [
				{
					role: 'assistant',
					origin: {provider: 'ollama', model: 'other'},
					parts: [
						{kind: 'tool-call', id: long, name: 'list', argumentsText: '{}'},
						{kind: 'tool-call', id: `${long}y`, name: 'list', argumentsText: '{}'},
					],
				},
				{role: 'tool', callId: long, name: 'list', text: 'ok', isError: false},
			],
		}),
	);
	const ids = (Array.isArray(input) ? input : []).map(item => 'call_id' in item && item.call_id);
	expect(ids[0]).toMatch(/^[\w-]{1,64}$/);
	expect(ids[2]).toBe(ids[0]);
	expect(ids[1]).not.toBe(ids[0]);
});
