import {describe, expect, test} from 'vitest';
import {evaluateCondition, type FinalStatus} from '../../source/core/condition.ts';
import type {Condition} from '../../source/core/plan.ts';

const statuses: readonly FinalStatus[] = ['completed', 'failed', 'skipped', 'cancelled'];

/** The table of docs: by condition, whether it holds for each status, in the order above. */
const table: readonly (readonly [Condition, ...boolean[]])[] = [
	['success', true, false, false, false],
	['failure', false, true, false, false],
	['completion', true, true, true, false],
	[{output: 'answer', equals: 42}, true, false, false, false],
	[{output: 'answer', exists: true}, true, false, false, false],
	[{output: 'other', exists: false}, true, false, false, false],
];

describe('a condition', () => {
	test.each(
		table.flatMap(([when, ...row]) =>
			statuses.map((status, index) => [JSON.stringify(when), status, row[index], when] as const),
		),
	)('%s after a subtask that is %s: %s', (_, status, holds, when) => {
		const held = evaluateCondition(when, 'build', {status, outputs: {answer: 42}});
		expect(held.holds).toBe(holds);
		if (!held.holds) {
			expect(held.reason).toContain('"build"');
		}
	});

	test.each([
		['success', 'failed', '"build" failed'],
		['success', 'skipped', '"build" was skipped'],
		['failure', 'completed', '"build" completed'],
		['completion', 'cancelled', '"build" was cancelled'],
	] as const)('says why it does not hold: %s, %s', (when, status, reason) => {
		expect(evaluateCondition(when, 'build', {status})).toEqual({holds: false, reason});
	});
});

describe('a predicate', () => {
	const judge = (when: Condition, outputs?: Record<string, never>) =>
		evaluateCondition(when, 'build', {status: 'completed', outputs});

	test('compares whole values, whatever the order of their keys', () => {
		const equals = {list: [1, null, 'x'], deep: {a: 1, b: true}};
		const outputs = {v: {deep: {b: true, a: 1}, list: [1, null, 'x']}};
		const when = {output: 'v', equals};
		expect(evaluateCondition(when, 'build', {status: 'completed', outputs})).toEqual({holds: true});
		const other = {v: {...outputs.v, list: [1, 'x', null]}};
		expect(evaluateCondition(when, 'build', {status: 'completed', outputs: other}).holds).toBe(
			false,
		);
	});

	test('does not take a number for its text, null for nothing, or true for 1', () => {
		for (const [value, equals] of [
			[1, '1'],
			['', null],
			[true, 1],
			[0, false],
			[[], {}],
		] as const) {
			const when = {output: 'v', equals};
			expect(evaluateCondition(when, 'x', {status: 'completed', outputs: {v: value}})).toEqual({
				holds: false,
				reason: `output "v" of "x" is ${JSON.stringify(value)}, not ${JSON.stringify(equals)}`,
			});
		}
	});

	test('does not hold on an output that is missing, and says so', () => {
		const reason = 'output "answer" of "build" is missing';
		expect(judge({output: 'answer', equals: null}, {})).toEqual({holds: false, reason});
		expect(judge({output: 'answer', equals: 1})).toEqual({holds: false, reason});
		expect(judge({output: 'answer', exists: true})).toEqual({holds: false, reason});
	});

	test('can ask that an output is missing', () => {
		expect(judge({output: 'answer', exists: false})).toEqual({holds: true});
		expect(
			evaluateCondition({output: 'v', exists: false}, 'x', {
				status: 'completed',
				outputs: {v: null},
			}),
		).toEqual({holds: false, reason: 'output "v" of "x" is there'});
	});

	test('sees no outputs that nobody reported, whatever their name', () => {
		for (const output of ['__proto__', 'constructor', 'toString']) {
			expect(judge({output, exists: true}, {}).holds).toBe(false);
			expect(judge({output, equals: {}}, {}).holds).toBe(false);
		}
	});
});
