import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {toolCallsOf, type Answer, type Part, type StopReason} from '../../source/core/chat.ts';
import type {Json} from '../../source/core/json.ts';
import {printedCalls} from '../../source/core/printed-calls.ts';
import {placeIds, recoverCalls} from '../../source/core/recover-calls.ts';
import {createTools} from '../../source/tools/catalog.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';

type Args = Readonly<Record<string, Json>>;

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

const toolbox = createToolbox();
const tools = createTools();

/** A right call of any tool, with hostile text in every field of text. */
const anyCall = fc
	.record({
		tool: fc.constantFrom(...tools),
		text: fc.oneof(
			fc.string({minLength: 1}),
			fc.constantFrom('</tool_call>', '```\n{"a"', '<think>x</think>', '[1, "2"', "it's \\d", '{}'),
		),
	})
	.map(({tool, text}) => ({
		name: tool.name,
		args: Object.fromEntries(Object.keys(tool.example as object).map(key => [key, text])) as Args,
	}));

describe('a call that was printed as text', () => {
	for (const [format, print] of Object.entries(formats)) {
		it(`is a call of any tool: ${format}`, () => {
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

	it('has parameters in tags, whose values are text', () => {
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

	it.each([
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

	it('takes the place of the text, keeps the thoughts, and is marked', () => {
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

	it('keeps thoughts that stood in the text as thoughts', () => {
		const {message} = recover(textAnswer(`<think>\nhm\n</think>${call('list_files', {})}`));
		expect(message.parts.map(part => part.kind)).toEqual(['thinking', 'tool-call']);
		expect(message.parts[0]).toEqual({kind: 'thinking', text: 'hm'});
	});
});

describe('what is no call', () => {
	it.each([
		'',
		'I will now read the file.',
		`Let me look: ${call('read_file', {path: 'a'})}`,
		`${call('read_file', {path: 'a'})} is what I would call.`,
		`I will look.\n<tool_call>${call('read_file', {path: 'a'})}</tool_call>`,
		`\`\`\`json\n${call('read_file', {path: 'a'})}\n\`\`\`\nThis reads the file.`,
		`\`\`\`python\n${call('read_file', {path: 'a'})}\n\`\`\``,
		`to=functions.read_file is how gpt-oss says it: {"path":"a"}`,
		call('no_such_tool', {path: 'a'}),
		call('read_file', {file: 'a'}),
		call('read_file', {path: 3}),
		`[${call('read_file', {path: 'a'})}, ${call('read_file', {})}]`,
		`${call('read_file', {path: 'a'})}\n${call('nope', {})}`,
		'{"path": "a"}',
		'{"name": "read_file"}',
		'{"name": "read_file", "arguments": ["a"]}',
		'{"name": "list_files", "arguments": ["src"]}',
		'{"name": "list_files", "arguments": "src"}',
		'{"name": "read_file", "arguments": {"path": "a"}, "result": "one"}',
		'[]',
		'{}',
		'```json\n```',
		'<tool_call></tool_call>',
		'"read_file"',
		'{"name": "read_file", "arguments": {"path": "a',
		'<function=read_file>{"path": "a',
		'<function=read_file><parameter=path>a',
		'<function=read_file>{"path": "a" <function=read_file>{"path": "b"}',
		'{"name": "read_file", "arguments": {"path": "a" [TOOL_REQUEST]',
	])('stays text: %j', text => {
		const given = textAnswer(text);
		expect(recover(given)).toBe(given);
	});

	it('stays text, whatever it is', () => {
		const anything = fc.oneof(
			fc.string({unit: 'grapheme', maxLength: 300}),
			fc.json(),
			fc.lorem(),
			fc.tuple(fc.lorem(), anyCall).map(([words, {name, args}]) => `${words} ${call(name, args)}`),
			fc.tuple(fc.lorem(), anyCall).map(([words, {name, args}]) => `${call(name, args)} ${words}`),
		);
		fc.assert(
			fc.property(anything, text => {
				const given = textAnswer(text);
				expect(recover(given)).toBe(given);
			}),
			{numRuns: 2_000},
		);
	});

	it('stays text when the answer was cut, or refused', () => {
		for (const stopReason of ['max-tokens', 'context-full', 'refusal', 'pause'] as const) {
			const given = textAnswer(call('read_file', {path: 'a'}), stopReason);
			expect(recover(given)).toBe(given);
		}
	});

	it.each([
		'{',
		'[',
		'{"name":"read_file","arguments":{"path":"a"}}',
		"{'name':'read_file','arguments':{'path':'\"'}}",
		'<tool_call>',
		'<tool_call> x',
		'<function=read_file>',
		'<function=read_file><parameter=path>',
		'to=functions.x ',
		'assistant ',
		'<|channel|>',
		'```json\n',
		'</think>',
		' ',
		'[TOOL_CALLS]a',
		'[TOOL_CALLS]a[ARGS]{',
	])('takes linear time: a megabyte of %j', piece => {
		const text = piece.repeat(1_000_000 / piece.length);
		const talk = textAnswer(`${text} and so on`);
		expect(recover(talk)).toBe(talk);
		expect(recover(textAnswer(text)).message.parts).not.toEqual([]);
	});
});

describe('a native call', () => {
	it.each([
		['"{\\"path\\":\\"a\\"}"', {path: 'a'}],
		["{'path': 'a',}", {path: 'a'}],
		['{"path": "a"', {path: 'a'}],
		['{"path": "a\n"}', {path: 'a\n'}],
	])('gets its arguments mended, and their text with them: %s', (argumentsText, args) => {
		const given = answerOf([native({argumentsText})]);
		expect(recover(given).message.parts).toEqual([
			native({argumentsText: JSON.stringify(args), arguments: args, recovered: true}),
		]);
	});

	it.each(['{"path": "a', '{"path": ', 'a.ts', '["a"]', '{"file": "a",}'])(
		'stays as it is when they are not clear, or do not fit: %s',
		argumentsText => {
			const given = answerOf([native({argumentsText})]);
			expect(recover(given)).toBe(given);
		},
	);

	it('gets the name of the tool that it means', () => {
		const args = {path: 'a', offset: '3'};
		const given = answerOf([native({name: 'functions.readFile', arguments: args})]);
		expect(recover(given).message.parts).toEqual([native({arguments: args})]);
	});

	it('is never mended nor run when the answer was cut in it', () => {
		for (const stopReason of ['max-tokens', 'context-full'] as const) {
			const torn = answerOf([native({argumentsText: '{"path": "a"'})], stopReason);
			expect(recover(torn)).toEqual(torn);
			const empty = answerOf(
				[native({arguments: {path: 'a'}}), native({name: 'list_files', arguments: {}})],
				stopReason,
			);
			expect(toolCallsOf(recover(empty).message).map(call => call.arguments)).toEqual([
				{path: 'a'},
				undefined,
			]);
		}
	});

	it('keeps printed calls beside it from being run', () => {
		const parts: Part[] = [
			{kind: 'text', text: call('run_command', {command: 'x'})},
			native({arguments: {path: 'a'}}),
		];
		const given = answerOf(parts);
		expect(recover(given)).toBe(given);
	});
});

it('ids of recovered calls are new in the conversation, and the same every time', () => {
	const first = recover(textAnswer(`${call('list_files', {})}${call('list_files', {})}`), []);
	expect(toolCallsOf(first.message).map(({id}) => id)).toEqual(['call_0_0', 'call_0_1']);
	const taken = answerOf([native({arguments: {}, id: 'call_1_0'})]).message;
	const next = recover(textAnswer(call('list_files', {})), [taken]);
	expect(toolCallsOf(next.message).map(({id}) => id)).toEqual(['call_1_1']);
});

it('there are no printed calls where there is none', () => {
	expect(printedCalls('')).toBeUndefined();
	expect(printedCalls('```json\n```')).toBeUndefined();
});

it('printed calls are told apart from names that objects have anyway', () => {
	expect(printedCalls('{"constructor": {}}')).toEqual([{name: 'constructor', arguments: {}}]);
	expect(callsIn('{"constructor": {}}')).toEqual([]);
	expect(callsIn('{"name": "__proto__", "arguments": {}}')).toEqual([]);
});

function recover(given: Answer, messages: Parameters<typeof placeIds>[0] = []): Answer {
	return recoverCalls(given, toolbox.accepts, placeIds(messages));
}

function callsIn(text: string) {
	return toolCallsOf(recover(textAnswer(text)).message).map(({name, arguments: args}) => ({
		name,
		arguments: args,
	}));
}

function call(name: string, args: Args): string {
	return JSON.stringify({name, arguments: args});
}

function native(fields: Partial<Extract<Part, {kind: 'tool-call'}>>): Part {
	return {kind: 'tool-call', id: '1', name: 'read_file', argumentsText: '', ...fields};
}

function textAnswer(text: string, stopReason?: StopReason): Answer {
	return answerOf([{kind: 'text', text}], stopReason);
}

function answerOf(parts: readonly Part[], stopReason: StopReason = 'end'): Answer {
	return {
		message: {role: 'assistant', parts: [...parts], origin: {provider: 'demo', model: 'm'}},
		stopReason,
		usage: {
			input: 1,
			cacheRead: null,
			cacheWrite: null,
			output: 1,
			reasoning: null,
			estimated: false,
		},
		model: 'm',
	};
}
