import {expect, test} from 'vitest';
import {textOf, toolCallsOf, totalTokens, type AssistantMessage} from '../../source/core/chat.ts';

const message: AssistantMessage = {
	role: 'assistant',
	parts: [
		{kind: 'thinking', text: 'hm'},
		{kind: 'text', text: 'I '},
		{kind: 'tool-call', id: '1', name: 'read', argumentsText: '{}', arguments: {}},
		{kind: 'text', text: 'look.'},
	],
	origin: {provider: 'demo', model: 'm'},
};

test('the text of an answer is what was said, without thoughts and calls', () => {
	expect(textOf(message)).toBe('I look.');
	expect(toolCallsOf(message).map(({id}) => id)).toEqual(['1']);
});

test('all tokens count that a server reports; what it does not report counts as none', () => {
	const none = {input: null, cacheRead: null, cacheWrite: null, output: null, reasoning: null};
	expect(totalTokens({...none, estimated: false})).toBe(0);
	expect(
		totalTokens({
			input: 1,
			cacheRead: 20,
			cacheWrite: 300,
			output: 4_000,
			// Part of the output.
			reasoning: 3_000,
			estimated: false,
		}),
	).toBe(4_321);
});
