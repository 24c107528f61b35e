import {Ajv} from 'ajv';
import {describe, expect, test} from 'vitest';
import type {ChatRequest} from '../../source/core/chat.ts';
import {applyToolMode} from '../../source/core/tool-modes.ts';

const read = {
	name: 'read',
	description: 'Reads a file.',
	input: {
		type: 'object',
		properties: {path: {type: 'string'}},
		required: ['path'],
		additionalProperties: false,
	},
};
const request: ChatRequest = {
	model: 'm',
	system: 'You work.',
	messages: [
		{role: 'user', text: 'Fix it'},
		{
			role: 'assistant',
			parts: [
				{kind: 'text', text: 'I look.'},
				{
					kind: 'tool-call',
					id: 'c',
					name: 'read',
					argumentsText: '{"path":"a"}',
					arguments: {path: 'a'},
				},
			],
			origin: {provider: 'ollama', model: 'm'},
		},
		{role: 'tool', callId: 'c', name: 'read', text: 'content', isError: false},
		{role: 'tool', callId: 'd', name: 'read', text: 'no such file', isError: true},
	],
	tools: [read],
	toolChoice: 'auto',
	maxOutputTokens: 100,
};

describe('a request to a model that calls tools by itself', () => {
	test('is sent as it is', () => {
		for (const grammar of [false, true]) {
			expect(applyToolMode(request, {tools: 'native', grammar})).toEqual(request);
		}
	});

	test('is held to the schema of a call where one has to come, if the server can do that', () => {
		const required = {...request, toolChoice: 'required'} as const;
		const {output, ...rest} = applyToolMode(required, {tools: 'native', grammar: true});
		expect(rest).toEqual(request);
		const isCall = new Ajv().compile(output?.schema ?? {});
		expect(isCall({name: 'read', arguments: {path: 'a'}})).toBe(true);
		expect(isCall({name: 'write', arguments: {path: 'a'}})).toBe(false);
		expect(isCall({name: 'read', arguments: {}})).toBe(false);
		expect(applyToolMode(required, {tools: 'native', grammar: false})).toEqual(request);
	});
});

describe('a request to a model that has no form for calls', () => {
	const told = applyToolMode(request, {tools: 'described', grammar: false});

	test('tells the tools in its instructions, and calls and results as text', () => {
		expect(told.system).toContain('- read: Reads a file.\n  Arguments: {"type":"object"');
		expect(told).not.toHaveProperty('tools');
		expect(told).not.toHaveProperty('toolChoice');
		expect(told.messages.slice(1)).toMatchObject([
			{parts: [{kind: 'text', text: 'I look.\n{"name":"read","arguments":{"path":"a"}}'}]},
			{role: 'user', text: 'Result of read:\ncontent'},
			{role: 'user', text: 'Error of read:\nno such file'},
		]);
	});

	test('is held to the schema of a call where the server can do that, but for a turn without tools', () => {
		const forced = applyToolMode(request, {tools: 'described', grammar: true});
		expect(forced.output?.name).toBe('tool_call');
		const without = applyToolMode(
			{...request, toolChoice: 'none'},
			{tools: 'described', grammar: true},
		);
		expect(without.output).toBeUndefined();
		expect(without.system).toBe('You work.');
	});
});

test('a request without tools is sent as it is', () => {
	const {tools: _, ...plain} = request;
	expect(applyToolMode(plain, {tools: 'described', grammar: true})).toEqual(plain);
});
