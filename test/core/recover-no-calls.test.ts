import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {anyCall, call, recover, textAnswer} from './recovered-answer.ts';

describe('what is no call', () => {
	test.each([
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

	test('stays text, whatever it is', () => {
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

	test('stays text when the answer was cut, or refused', () => {
		for (const stopReason of ['max-tokens', 'context-full', 'refusal', 'pause'] as const) {
			const given = textAnswer(call('read_file', {path: 'a'}), stopReason);
			expect(recover(given)).toBe(given);
		}
	});

	test.each([
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
