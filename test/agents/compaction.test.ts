import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {compactConversation, highestLevel, levelFor} from '../../source/agents/compaction.ts';
import type {Message} from '../../source/core/chat.ts';

const state = 'The subtasks of the plan:\n- parse, Parse lines: running (bob)';

function turn(index: number, result = `result ${index}`, isError = false): readonly Message[] {
	const id = `c${index}`;
	const path = `src/${index}.ts`;
	return [
		{
			role: 'assistant',
			parts: [
				{kind: 'text', text: `I look at ${index}.\nThen more.`},
				{
					kind: 'tool-call',
					id,
					name: 'read_file',
					argumentsText: JSON.stringify({path}),
					arguments: {path},
				},
			],
			origin: {provider: 'ollama', model: 'm'},
		},
		{role: 'tool', callId: id, name: 'read_file', text: result, isError},
	];
}

const prompt: Message = {role: 'user', text: '# Subtask\n\nparse'};
const turns = (count: number) => Array.from({length: count}, (_, index) => turn(index)).flat();

function textsOf(messages: readonly Message[]): readonly string[] {
	return messages.map(message => (message.role === 'assistant' ? 'answer' : message.text));
}

describe('a conversation that is made shorter', () => {
	test('keeps the subtask, a line for each older call, where the run stands, and the last turns whole', () => {
		const compacted = compactConversation([prompt, ...turns(8)], {level: 1, state});
		expect(compacted[0]).toEqual(prompt);
		expect(compacted.slice(2)).toEqual(turns(8).slice(4));
		expect(textsOf(compacted)[1]).toBe(
			[
				'# What was done so far',
				'',
				'You said: I look at 0.',
				'- read_file src/0.ts: ok; result 0',
				'You said: I look at 1.',
				'- read_file src/1.ts: ok; result 1',
				'',
				'# Where things stand now',
				'',
				state,
				'',
				'Your conversation became too long for you, so older turns are left out above. Files are as you left them: read again what you need, and go on.',
			].join('\n'),
		);
	});

	test('says which calls failed, and keeps what others wrote', () => {
		const conversation = [
			prompt,
			...turn(0, 'no such file\nmore', true),
			{role: 'user', text: 'Message from the person you work for:\nuse tabs'} as const,
			...turns(6),
		];
		const [, digest = ''] = textsOf(compactConversation(conversation, {level: 1, state}));
		expect(digest).toContain('- read_file src/0.ts: failed; no such file\n');
		expect(digest).toContain('use tabs');
	});

	test('is shorter with each level, and at last only the end of it', () => {
		const long = Array.from({length: 12}, (_, index) => turn(index, 'x'.repeat(20_000))).flat();
		const lengths = [1, 2, highestLevel].map(
			level => JSON.stringify(compactConversation([prompt, ...long], {level, state})).length,
		);
		expect(lengths[0]).toBeLessThan(70_000);
		expect(lengths[1]).toBeLessThan(20_000);
		expect(lengths[2]).toBeLessThan(6_000);
	});

	test('leaves out the middle of a long result, and says how much', () => {
		const conversation = [prompt, ...turn(0, `${'a'.repeat(5_000)}${'b'.repeat(5_000)}`)];
		const [, , , result = ''] = textsOf(compactConversation(conversation, {level: 3, state}));
		expect(result).toMatch(/^a+\n… 8800 characters left out …\nb+$/);
	});

	test('can be made shorter again: the digest stays', () => {
		const once = compactConversation([prompt, ...turns(8)], {level: 1, state});
		const twice = compactConversation([...once, ...turns(8)], {level: 2, state: 'later'});
		const [, digest = ''] = textsOf(twice);
		expect(digest).toContain('- read_file src/0.ts: ok; result 0');
		expect(digest).toContain('later');
		expect(digest).not.toContain(state);
		expect(digest.match(/Your conversation became too long/g)).toHaveLength(1);
	});

	test('never tells a result without its call, nor a call without its result', () => {
		const anyTurn = fc.record({
			calls: fc.integer({min: 0, max: 3}),
			words: fc.boolean(),
			told: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(anyTurn), fc.integer({min: 1, max: 3}), (shapes, level) => {
				const messages: Message[] = shapes.flatMap(({calls, told}, index): Message[] => {
					const ids = Array.from({length: calls}, (_, n) => `c${index}-${n}`);
					return [
						{
							role: 'assistant',
							parts: ids.map(id => ({
								kind: 'tool-call' as const,
								id,
								name: 'look',
								argumentsText: '{}',
								arguments: {},
							})),
							origin: {provider: 'demo', model: 'm'},
						},
						...ids.map(id => ({
							role: 'tool' as const,
							callId: id,
							name: 'look',
							text: 'seen',
							isError: false,
						})),
						...(told ? [{role: 'user' as const, text: 'go on'}] : []),
					];
				});
				const compacted = compactConversation([prompt, ...messages], {level, state});
				const called = compacted.flatMap(message =>
					message.role === 'assistant'
						? message.parts.flatMap(part => (part.kind === 'tool-call' ? [part.id] : []))
						: [],
				);
				const told = compacted.flatMap(message =>
					message.role === 'tool' ? [message.callId] : [],
				);
				expect(told).toEqual(called);
			}),
		);
	});
});

describe('how short a conversation is made', () => {
	test('is so that the next turns fit: to three fifths at least, where that can be', () => {
		const even = [prompt, ...Array.from({length: 30}, (_, n) => turn(n, 'x'.repeat(500))).flat()];
		expect(levelFor(even, 1)).toBe(1);
		const heavy = [prompt, ...Array.from({length: 6}, (_, n) => turn(n, 'x'.repeat(7_000))).flat()];
		expect(levelFor(heavy, 1)).toBe(2);
		const nine = [prompt, ...Array.from({length: 9}, (_, n) => turn(n, 'x'.repeat(3_000))).flat()];
		expect(levelFor(nine, 1)).toBe(2);
		expect(levelFor(heavy, 3)).toBe(3);
		expect(levelFor([prompt], 1)).toBe(highestLevel);
	});

	test('counts also what was said: a text without end is cut', () => {
		const said: Message = {
			role: 'assistant',
			parts: [{kind: 'text', text: 'x'.repeat(1_000_000)}],
			origin: {provider: 'demo', model: 'm'},
		};
		const compacted = compactConversation([prompt, said], {level: 3, state});
		expect(JSON.stringify(compacted).length).toBeLessThan(5_000);
	});

	test('counts also what was written: long arguments of calls are cut', () => {
		const content = 'x'.repeat(50_000);
		const wrote: Message = {
			role: 'assistant',
			parts: [
				{
					kind: 'tool-call',
					id: 'w',
					name: 'write_file',
					argumentsText: JSON.stringify({path: 'a.ts', content}),
					arguments: {path: 'a.ts', content},
				},
			],
			origin: {provider: 'demo', model: 'm'},
		};
		const done: Message = {
			role: 'tool',
			callId: 'w',
			name: 'write_file',
			text: 'ok',
			isError: false,
		};
		const [, , call] = compactConversation([prompt, wrote, done], {level: 1, state});
		expect(JSON.stringify(call).length).toBeLessThan(20_000);
		expect(call).toMatchObject({parts: [{arguments: {path: 'a.ts'}}]});
	});
});

test('is never longer than before, however short the conversation and long the state', () => {
	const messages: readonly Message[] = [
		{role: 'user', text: 'Write hello.'},
		{
			role: 'assistant',
			parts: [{kind: 'text', text: 'I do.'}],
			origin: {provider: 'llama-server', model: 'm'},
		},
		{role: 'user', text: 'Call a tool.'},
	];
	for (const level of [1, 2, 3]) {
		for (const state of ['', 'The plan. '.repeat(500)]) {
			const compacted = compactConversation(messages, {level, state});
			expect(JSON.stringify(compacted).length).toBeLessThanOrEqual(JSON.stringify(messages).length);
		}
	}
});
