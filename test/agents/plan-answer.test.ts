import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {jsonInAnswer, planForm} from '../../source/agents/plan-answer.ts';
import {canonicalJson} from '../../source/core/json.ts';

describe('the JSON in an answer', () => {
	test.each([
		['alone', '{"a":1}'],
		['with space around', '\n {"a":1}\n\n'],
		['fenced', '```json\n{"a":1}\n```'],
		['fenced without a mark', '```\n{"a":1}\n```'],
		['fenced after words on the same line', 'Plan: ```json\n{"a":1}\n```'],
		['fenced with Windows line ends', '```json\r\n{"a":1}\r\n```\r\n'],
		['fenced on one line', '```json {"a":1}```'],
		[
			'fenced, and braces in the words around',
			'The {task} is:\n```json\n{"a":1}\n```\nSo {it} is.',
		],
		['behind another fence', '```sh\nls {x}\n```\n```json\n{"a":1}\n```'],
		['in a sentence', 'Here: {"a":1}. Done.'],
		['behind thoughts', '<think>\nhm\n</think>\n{"a":1}'],
		['behind thoughts with braces', 'I take {x}, or {"a":2}.\n</think>\n\n{"a":1}'],
		['behind thoughts on its line', 'I take {x}.</think>{"a":1}'],
		['behind braces in words', 'For {task}:\n\n{"a":1}\n'],
		['with trailing commas', '{"a":1,}'],
		['with comments', '{\n\t"a": 1, // the first\n\t/* no b */\n}'],
		['with single quotes, in a fence', "```json\n{'a': 1}\n```"],
		['with trailing commas, between words', 'Here: {"a":1,}. Good {luck}!'],
		['with trailing commas, behind thoughts', '<think>{x}</think>\n{"a":1,}'],
	])('is found: %s', (_, text) => {
		expect(jsonInAnswer(text)).toEqual({a: 1});
	});

	test('may hold fences and braces in its strings', () => {
		fc.assert(
			fc.property(fc.constantFrom('```', '}', '{', '\n```\n', '"', '\\'), fc.string(), (a, b) => {
				const value = {instructions: `${a}${b}${a}`};
				const text = JSON.stringify(value, undefined, 1);
				for (const wrapped of [text, `\`\`\`json\n${text}\n\`\`\``, `Plan:\n${text}\nDone.`]) {
					expect(jsonInAnswer(wrapped)).toEqual(value);
				}
			}),
		);
	});

	test.each(['', 'no', '}{', '```json\n{"a":\n```', '{"a":1'])('is none: %j', text => {
		expect(jsonInAnswer(text)).toBeUndefined();
	});

	test('may lack brackets at its end only when the model came to its own end', () => {
		for (const [before, after] of [
			['', ''],
			['Plan:\n```json\n', ''],
			['```json\n', '\n```'],
		]) {
			const text = `${before}{"subtasks": [{"id": "a"}${after}`;
			expect(jsonInAnswer(text)).toBeUndefined();
			expect(jsonInAnswer(text, true)).toEqual({subtasks: [{id: 'a'}]});
			const torn = `${before}{"subtasks": [{"id": "a"}, {"id": "b", "ti${after}`;
			expect(jsonInAnswer(torn, true)).toBeUndefined();
		}
	});

	test('is not made of what only a guess could read', () => {
		expect(jsonInAnswer('{"a": 1 "b": 2}', true)).toBeUndefined();
		expect(jsonInAnswer('{"a": "say "hi""}', true)).toBeUndefined();
	});

	test('is looked for to the end, also when a model ended in line breaks', () => {
		for (const end of ['\n', ' ', '\n ', '`', '```\n', '{']) {
			expect(jsonInAnswer(`\`\`\`json\n{"a": 1,${end.repeat(50_000)}x`)).toBeUndefined();
		}
	});
});

test('a plan is asked for with a schema that strict modes take, the same every time', () => {
	const schema = planForm().schema;
	expect(canonicalJson(planForm().schema)).toBe(canonicalJson(schema));
	const objects: Record<string, unknown>[] = [];
	JSON.stringify(schema, (_, value: unknown) => {
		if (typeof value === 'object' && value !== null && 'properties' in value) {
			objects.push({...value});
		}
		return value;
	});
	expect(objects).toHaveLength(3);
	for (const {properties, required, additionalProperties} of objects) {
		expect(additionalProperties).toBe(false);
		expect(required).toEqual(Object.keys(properties ?? {}));
	}
});
