import {describe, expect, test} from 'vitest';
import type {ModelRequest} from '../../../source/agents/agent.ts';
import type {Message} from '../../../source/core/chat.ts';
import {adaptRequest, requestIdentity} from '../../../source/engine/model/adapt-request.ts';
import type {Connection} from '../../../source/engine/model/connection.ts';
import {connectionTo, providerThat} from '../../helpers/model-calls.ts';

const said = (text: string): Message => ({role: 'user', text});
const tool = (name: string) => ({
	name,
	description: `Does ${name}. In all cases.`,
	input: {type: 'object', properties: {path: {type: 'string'}}},
});

const asked: ModelRequest = {
	system: 'You are an agent.',
	messages: [said('# Subtask')],
	tools: [tool('edit'), tool('send'), tool('finish')],
	toolChoice: 'auto',
	forSmallModel: {
		system: 'You work.',
		examples: [said('Example.')],
		messages: [said('Write it.')],
		tools: [tool('edit'), tool('finish')],
	},
};

const planning: ModelRequest = {
	system: 'You lead.',
	messages: [said('# Task')],
	output: {name: 'plan', schema: {type: 'object'}, grammar: {type: 'object', minProperties: 1}},
};

const connection = (fields: Partial<Connection>) =>
	connectionTo(providerThat(() => new Error('not asked')).provider, fields);
const grammar = {tools: 'described', grammar: true} as const;

describe('a request', () => {
	test('is sent as it is to a model that is not small', () => {
		const sent = adaptRequest(asked, connection({}));
		expect(sent).toMatchObject({
			system: asked.system,
			messages: asked.messages,
			tools: asked.tools,
		});
		expect(sent).not.toHaveProperty('forSmallModel');
		expect(sent.temperature).toBeUndefined();
	});

	test('to a small model is shorter, offers fewer tools and leaves less to chance', () => {
		const sent = adaptRequest(asked, connection({isSmall: true}));
		expect(sent).toMatchObject({
			system: 'You work.',
			messages: [said('Write it.')],
			tools: [{name: 'edit'}, {name: 'finish'}],
		});
		expect(sent.temperature).toBeLessThan(0.5);
	});

	test('to a small model without native calls shows some, and each tool in a line', () => {
		const sent = adaptRequest(asked, connection({isSmall: true, toolMode: grammar}));
		expect(sent.messages).toEqual([said('Example.'), said('Write it.')]);
		expect(sent.system).toContain('- edit: Does edit');
		expect(sent.system).not.toContain('In all cases');
		expect(sent.system).not.toContain('"properties"');
	});

	test('holds a small model to a call even when its tools are withheld', () => {
		const withheld = {...asked, toolChoice: 'none' as const};
		const sent = (isSmall: boolean) =>
			adaptRequest(withheld, connection({isSmall, toolMode: grammar})).output;
		expect(sent(true)?.name).toBe('tool_call');
		expect(sent(false)).toBeUndefined();
	});

	test.each([
		['a server that makes a grammar of it', true, planning.output?.grammar],
		['a vendor', false, planning.output?.schema],
	])('for a document has the schema for %s', (_, isGrammar, schema) => {
		const toolMode = {tools: 'native', grammar: isGrammar} as const;
		expect(adaptRequest(planning, connection({toolMode})).output).toEqual({name: 'plan', schema});
	});

	test('is the same request whichever form of it is sent', () => {
		const {forSmallModel: _, ...plain} = asked;
		expect(requestIdentity(asked)).toEqual(plain);
		expect(requestIdentity(planning)).toEqual({
			...planning,
			output: {name: 'plan', schema: {type: 'object'}},
		});
	});
});
