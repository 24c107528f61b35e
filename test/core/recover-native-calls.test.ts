import {describe, expect, test} from 'vitest';
import {toolCallsOf, type Part} from '../../source/core/chat.ts';
import {answerOf, call, recover, textAnswer} from './recovered-answer.ts';

describe('a native call', () => {
	test.each([
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

	test.each(['{"path": "a', '{"path": ', 'a.ts', '["a"]', '{"file": "a",}'])(
		'stays as it is when they are not clear, or do not fit: %s',
		argumentsText => {
			const given = answerOf([native({argumentsText})]);
			expect(recover(given)).toBe(given);
		},
	);

	test('gets the name of the tool that it means', () => {
		const args = {path: 'a', offset: '3'};
		const given = answerOf([native({name: 'functions.readFile', arguments: args})]);
		expect(recover(given).message.parts).toEqual([native({arguments: args})]);
	});

	test('is never mended nor run when the answer was cut in it', () => {
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

	test('keeps printed calls beside it from being run', () => {
		const parts: Part[] = [
			{kind: 'text', text: call('run_command', {command: 'x'})},
			native({arguments: {path: 'a'}}),
		];
		const given = answerOf(parts);
		expect(recover(given)).toBe(given);
	});
});

test('ids of recovered calls are new in the conversation, and the same every time', () => {
	const first = recover(textAnswer(`${call('list_files', {})}${call('list_files', {})}`), []);
	expect(toolCallsOf(first.message).map(({id}) => id)).toEqual(['call_0_0', 'call_0_1']);
	const taken = answerOf([native({arguments: {}, id: 'call_1_0'})]).message;
	const next = recover(textAnswer(call('list_files', {})), [taken]);
	expect(toolCallsOf(next.message).map(({id}) => id)).toEqual(['call_1_1']);
});

function native(fields: Partial<Extract<Part, {kind: 'tool-call'}>>): Part {
	return {kind: 'tool-call', id: '1', name: 'read_file', argumentsText: '', ...fields};
}
