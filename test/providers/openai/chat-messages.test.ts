import {expect, test} from 'vitest';
import {endpointOf} from '../../../source/providers/transport/endpoint.ts';
import {dialectOf} from '../../../source/providers/openai/dialects.ts';
import {fitsStrictMode, openAiBody} from '../../../source/providers/openai/chat-messages.ts';
import {responsesBody} from '../../../source/providers/openai/responses-messages.ts';
import type {AssistantMessage} from '../../../source/core/chat.ts';
import type {ProviderType} from '../../../source/core/settings.ts';
import {request, schema, tools} from '../conformance/requests.ts';

const bodyFor = (type: ProviderType, fields = {}, baseUrl?: string) =>
	openAiBody(request(fields), dialectOf(endpointOf({type, baseUrl})));

test('OpenAI itself has its own names for the limit and the instructions', () => {
	expect(bodyFor('openai')).toEqual({
		model: 'test-model',
		messages: [
			{role: 'developer', content: 'Be brief.'},
			{role: 'user', content: 'Hello.'},
		],
		max_completion_tokens: 256,
		stream: true,
		stream_options: {include_usage: true},
	});
});

test('a server of the same protocol has the old names', () => {
	const body = bodyFor('openai', {}, 'http://localhost:9000');
	expect(body.messages[0]?.role).toBe('system');
	expect(body).toMatchObject({max_tokens: 256});
	expect(body).not.toHaveProperty('max_completion_tokens');
	expect(bodyFor('lmstudio')).not.toHaveProperty('return_progress');
	expect(bodyFor('llama-server')).toMatchObject({max_tokens: 256, return_progress: true});
});

test('tools and their choice go together', () => {
	expect(bodyFor('openai', {tools, toolChoice: 'required'})).toMatchObject({
		tools: [{type: 'function', function: {name: 'read'}}, {function: {name: 'list'}}],
		tool_choice: 'required',
	});
	const without = bodyFor('openai', {tools: [], toolChoice: 'required'});
	expect(without).not.toHaveProperty('tools');
	expect(without).not.toHaveProperty('tool_choice');
});

test('a schema is strict only where the vendor takes it so', () => {
	expect(fitsStrictMode(schema)).toBe(true);
	expect(fitsStrictMode({...schema, additionalProperties: true})).toBe(false);
	expect(fitsStrictMode({...schema, required: []})).toBe(false);
	expect(fitsStrictMode({type: 'array', items: schema})).toBe(true);
	expect(fitsStrictMode({type: 'array', items: {type: 'object'}})).toBe(false);
	expect(fitsStrictMode({anyOf: [schema, {type: 'null'}, {...schema, required: []}]})).toBe(false);
	const named = {type: 'string'};
	expect(
		fitsStrictMode({...schema, properties: {type: named}, required: ['type'], $defs: {a: schema}}),
	).toBe(true);
	const body = bodyFor('openai', {output: {name: 'place', schema}});
	expect(body.response_format).toMatchObject({json_schema: {name: 'place', strict: true}});
});

test.each([
	['as the model wrote them', '{ "path" : "a.ts" }', {path: 'a.ts'}, '{ "path" : "a.ts" }'],
	['anew where they do not parse', "{'path': 'a.ts',}", {path: 'a.ts'}, '{"path":"a.ts"}'],
	['anew where the text says another thing', '{"path":"b.ts"}', {path: 'a.ts'}, '{"path":"a.ts"}'],
	['as none where nobody could read them', '{"path": ', undefined, '{}'],
])('arguments of a call go back %s', (_, argumentsText, args, expected) => {
	const call: AssistantMessage['parts'][number] = {
		kind: 'tool-call',
		id: 'c',
		name: 'read',
		argumentsText,
		...(args ? {arguments: args} : {}),
	};
	const origin = {provider: 'llama-server', model: 'test-model'};
	const messages: readonly AssistantMessage[] = [{role: 'assistant', origin, parts: [call]}];
	expect(bodyFor('llama-server', {messages}).messages.at(-1)).toMatchObject({
		tool_calls: [{function: {name: 'read', arguments: expected}}],
	});
	expect(responsesBody(request({messages})).input).toEqual([
		{type: 'function_call', call_id: 'c', name: 'read', arguments: expected},
	]);
});
