import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {toolCallsOf, type Part} from '../../source/core/chat.ts';
import {parsePrintedCalls} from '../../source/core/printed-calls.ts';
import {
	anyCall,
	answerOf,
	call,
	recover,
	textAnswer,
	tools,
	type Args,
} from './recovered-answer.ts';

/** How models print calls that they should make. */
const formats: Readonly<Record<string, (name: string, args: Args) => string>> = {
	'plain JSON': (name, args) => JSON.stringify({name, arguments: args}),
	'JSON over lines': (name, args) =>
		`\n${JSON.stringify({name, parameters: args}, undefined, 2)}\n`,
	'tool and args': (tool, args) => JSON.stringify({tool, args}),
	'function and parameters': (name, parameters) => JSON.stringify({function: name, parameters}),
	'tool_name and input': (name, input) => JSON.stringify({tool_name: name, input}),
	'action and action_input': (action, input) =>
		JSON.stringify({thought: 'I should.', action, action_input: input}),
	'arguments as a string': (name, args) => JSON.stringify({name, arguments: JSON.stringify(args)}),
	'the form of the API': (name, args) =>
		JSON.stringify({id: 'x', type: 'function', function: {name, arguments: JSON.stringify(args)}}),
	tool_calls: (name, args) =>
		JSON.stringify({
			content: null,
			tool_calls: [{type: 'function', function: {name, arguments: args}}],
		}),
	'the name as key': (name, args) => JSON.stringify({[name]: args}),
	'fields beside the name': (tool, args) => JSON.stringify({tool, ...args}),
	'a list': (name, args) => JSON.stringify([{name, arguments: args}]),
	'fenced as json': (name, args) =>
		`\`\`\`json\n${JSON.stringify({name, arguments: args})}\n\`\`\``,
	'fenced as tool_call': (name, args) =>
		`\`\`\`tool_call\n${JSON.stringify({name, arguments: args})}\n\`\`\``,
	fenced: (name, args) => `\`\`\`\n${JSON.stringify({name, arguments: args})}\n\`\`\`\n`,
	'fenced on a line': (name, args) => `\`\`\`json ${JSON.stringify({name, arguments: args})}\`\`\``,
	'in tool_call': (name, args) =>
		`<tool_call>\n${JSON.stringify({name, arguments: args})}\n</tool_call>`,
	'in tool_call without an end': (name, args) =>
		`<tool_call>\n${JSON.stringify({name, arguments: args})}`,
	'in tool_call, a brace short': (name, args) =>
		`<tool_call>\n${JSON.stringify({name, arguments: args}).slice(0, -1)}\n</tool_call>`,
	'in tool_call, the name before': (name, args) =>
		`<tool_call>${name}\n${JSON.stringify(args)}\n</tool_call>`,
	'in tools': (name, args) => `<tools>\n${JSON.stringify({name, arguments: args})}\n</tools>`,
	'in a function tag': (name, args) => `<function=${name}>${JSON.stringify(args)}</function>`,
	'in tool_call and function tag': (name, args) =>
		`<tool_call>\n<function=${name}>\n${JSON.stringify(args)}\n</function>\n</tool_call>`,
	'behind python_tag': (name, args) =>
		`<|python_tag|>${JSON.stringify({name, parameters: args})}<|eom_id|>`,
	'in TOOL_REQUEST': (name, args) =>
		`[TOOL_REQUEST]${JSON.stringify({name, arguments: args})}[END_TOOL_REQUEST]`,
	'behind TOOL_CALLS': (name, args) => `[TOOL_CALLS] ${JSON.stringify([{name, arguments: args}])}`,
	'behind TOOL_CALLS and its name': (name, args) =>
		`[TOOL_CALLS]${name}[ARGS]${JSON.stringify(args)}</s>`,
	'behind functools': (name, args) => `functools${JSON.stringify([{name, arguments: args}])}`,
	'as harmony': (name, args) =>
		`<|channel|>commentary to=functions.${name} <|constrain|>json<|message|>${JSON.stringify(args)}<|call|>`,
	'as harmony from the start': (name, args) =>
		`<|start|>assistant<|channel|>commentary to=functions.${name}<|message|>${JSON.stringify(args)}`,
	'as harmony, the other way round': (name, args) =>
		`to=functions.${name}<|channel|>commentary <|constrain|>json<|message|>${JSON.stringify(args)}`,
	'as harmony without its tokens': (name, args) =>
		`assistantcommentary to=functions.${name} json${JSON.stringify(args)}`,
	'behind thoughts': (name, args) =>
		`<think>\nI read {it}.\n</think>\n${JSON.stringify({name, arguments: args})}`,
	'behind thoughts without a beginning': (name, args) =>
		`I read {it}.\n</think>\n\n<tool_call>${JSON.stringify({name, arguments: args})}</tool_call>`,
};

describe('a call that was printed as text', () => {
	for (const [format, print] of Object.entries(formats)) {
		test(`is a call of any tool: ${format}`, () => {
			for (const {name, example} of tools) {
				const args = example as Args;
				expect(callsIn(print(name, args))).toEqual([{name, arguments: args}]);
			}

			// The thoughts before end with a tag, which may not stand in the call as well.
			fc.assert(
				fc.property(anyCall, ({name, args}) => {
					expect(callsIn(print(name, args))).toEqual([{name, arguments: args}]);
				}),
			);
		});
	}

	test('has parameters in tags, whose values are text', () => {
		const text = `<tool_call>
<function=write_file>
<parameter=path>
src/a.ts
</parameter>
<parameter=content>
if (a < b) {
	return "</tool_call>";
}

</parameter>
</function>
</tool_call>`;
		const content = 'if (a < b) {\n\treturn "</tool_call>";\n}\n';
		expect(callsIn(text)).toEqual([{name: 'write_file', arguments: {path: 'src/a.ts', content}}]);
		expect(
			callsIn(
				'<function_calls><invoke name="read_file"><parameter name="path">a</parameter><parameter name="offset">3</parameter></invoke></function_calls>',
			),
		).toEqual([{name: 'read_file', arguments: {path: 'a', offset: '3'}}]);
	});

	test.each([
		['in one list', '[A, B]'],
		['one after the other', 'A\nB'],
		['with a semicolon between', 'A; B'],
		['each in tags', '<tool_call>A</tool_call>\n<tool_call>B</tool_call>'],
		['in one pair of tags', '<tool_call>\nA\nB\n</tool_call>'],
		['each in a fence', '```json\nA\n```\n\n```json\nB\n```'],
		['in TOOL_REQUEST', '[TOOL_REQUEST]A[END_TOOL_REQUEST][TOOL_REQUEST]B[END_TOOL_REQUEST]'],
	])('may be one of several: %s', (_, text) => {
		const calls = {A: call('list_files', {}), B: call('read_file', {path: 'B'})};
		expect(callsIn(text.replace(/\b[AB]\b/g, letter => calls[letter as 'A' | 'B']))).toEqual([
			{name: 'list_files', arguments: {}},
			{name: 'read_file', arguments: {path: 'B'}},
		]);
	});

	test('takes the place of the text, keeps the thoughts, and is marked', () => {
		const thought: Part = {kind: 'thinking', text: 'hm', opaque: {a: 1}};
		const given = answerOf([thought, {kind: 'text', text: call('readFile', {path: 'a'})}]);
		const {message, stopReason} = recover(given);
		expect(stopReason).toBe('tool-calls');
		expect(message.parts).toEqual([
			thought,
			{
				kind: 'tool-call',
				id: 'call_0_0',
				name: 'read_file',
				argumentsText: '{"path":"a"}',
				arguments: {path: 'a'},
				recovered: true,
			},
		]);
	});

	test('keeps thoughts that stood in the text as thoughts', () => {
		const {message} = recover(textAnswer(`<think>\nhm\n</think>${call('list_files', {})}`));
		expect(message.parts.map(part => part.kind)).toEqual(['thinking', 'tool-call']);
		expect(message.parts[0]).toEqual({kind: 'thinking', text: 'hm'});
	});
});

test('there are no printed calls where there is none', () => {
	expect(parsePrintedCalls('')).toBeUndefined();
	expect(parsePrintedCalls('```json\n```')).toBeUndefined();
});

test('printed calls are told apart from names that objects have anyway', () => {
	expect(parsePrintedCalls('{"constructor": {}}')).toEqual([{name: 'constructor', arguments: {}}]);
	expect(callsIn('{"constructor": {}}')).toEqual([]);
	expect(callsIn('{"name": "__proto__", "arguments": {}}')).toEqual([]);
});

function callsIn(text: string) {
	return toolCallsOf(recover(textAnswer(text)).message).map(({name, arguments: args}) => ({
		name,
		arguments: args,
	}));
}
