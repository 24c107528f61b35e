import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {formatProblems, parsePlan} from '../../source/core/plan-problems.ts';
import {subtask} from '../helpers/run-parts.ts';
import {randomPlan} from './random-plan.ts';

describe('a plan from outside', () => {
	test('is taken when nothing is wrong', () => {
		fc.assert(
			fc.property(randomPlan(), plan => {
				expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual({ok: true, plan});
			}),
		);
	});

	test('is answered with every problem at once', () => {
		const problems = problemsOf({
			subtasks: [
				subtask('a', {dependsOn: ['b', 'nowhere']}),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['c'], title: ''}),
				subtask('a'),
				subtask('d', {dependsOn: ['e', 'e'], join: 'some'}),
				subtask('e', {dependsOn: ['d', {subtask: 'b', when: {output: 'answer', equals: 1}}]}),
				{title: 'no id'},
				subtask('f', {dependsOn: [{subtask: 'b', when: 'always'}], estimate: 'long'}),
			],
			checks: [''],
			notes: 'x',
		});
		const expected: readonly (readonly [path: string, message: RegExp])[] = [
			['subtasks[0].dependsOn', /^"nowhere" is not a subtask of this plan$/],
			['subtasks', /^the dependencies form a cycle: (?:a → b → a|b → a → b)$/],
			['subtasks[2].dependsOn', /^"c" depends on itself$/],
			['subtasks[2].title', /small/],
			['subtasks[3].id', /^"a" is already the id of subtasks\[0\]$/],
			['subtasks[4].dependsOn', /^"e" is named twice$/],
			['subtasks[4].join', /all.*any/],
			['subtasks', /^the dependencies form a cycle: (?:d → e → d|e → d → e)$/],
			['subtasks[5].dependsOn', /^"b" declares no output "answer"$/],
			['subtasks[6].id', /string/],
			['subtasks[6].instructions', /string/],
			['subtasks[7].dependsOn[0].when', /success.*failure.*completion/],
			['subtasks[7].estimate', /number/],
			['checks[0]', /small/],
			['', /notes/],
		];
		for (const [path, message] of expected) {
			expect(problems).toContainEqual({path, message: expect.stringMatching(message)});
		}

		expect(problems).toHaveLength(expected.length);
	});

	test.each([
		[undefined],
		[null],
		[42],
		['{}'],
		[[]],
		[{}],
		[{subtasks: null}],
		[{subtasks: {}}],
		[{subtasks: [null, 7, 'x', []]}],
		[{subtasks: [{id: 'a', dependsOn: 'b'}]}],
		[{subtasks: [{id: 'a', dependsOn: [null, 7, {}, {subtask: 9}]}]}],
		[{subtasks: [{id: 'a', outputs: 5, checks: {}, dependsOn: [{subtask: 'a', when: null}]}]}],
	])('is refused with words when it is no plan at all: %j', value => {
		const problems = problemsOf(value);
		expect(problems.length).toBeGreaterThan(0);
		for (const {message} of problems) {
			expect(message).not.toBe('');
		}
	});

	test('is never taken, and never crashes us, when it is any other JSON', () => {
		fc.assert(
			fc.property(fc.jsonValue(), value => {
				expect(parsePlan(value).ok).toBe(false);
				expect(parsePlan({subtasks: value}).ok).toBe(false);
				expect(parsePlan({subtasks: [subtask('a', {dependsOn: [value]})]}).ok).toBe(false);
			}),
		);
	});

	test('may ask for outputs that are declared, and for those of checks', () => {
		const plan = (when: unknown) => ({
			subtasks: [
				subtask('a', {outputs: ['answer'], checks: ['npm test', {name: 'types', command: 'tsc'}]}),
				subtask('b', {dependsOn: [{subtask: 'a', when}]}),
			],
		});
		for (const output of ['answer', 'checks.npm test', 'checks.types']) {
			expect(parsePlan(plan({output, equals: true})).ok).toBe(true);
		}

		for (const output of ['Answer', 'checks.tsc', 'checks', 'toString']) {
			expect(problemsOf(plan({output, exists: true}))).toEqual([
				{path: 'subtasks[1].dependsOn', message: `"a" declares no output "${output}"`},
			]);
		}
	});

	test('may use no predicate that is not known', () => {
		const [problem] = problemsOf({
			subtasks: [
				subtask('a', {outputs: ['n']}),
				subtask('b', {dependsOn: [{subtask: 'a', when: {output: 'n', greaterThan: 1}}]}),
			],
		});
		expect(problem?.path).toMatch(/^subtasks\[1\]\.dependsOn\[0\]\.when/);
	});

	test('with 5,000 subtasks is judged in a moment', () => {
		const subtasks = Array.from({length: 5_000}, (_, index) =>
			subtask(`s${index}`, {dependsOn: index === 0 ? ['s4999'] : [`s${index - 1}`]}),
		);
		expect(problemsOf({subtasks})).toHaveLength(1);
	});
});

describe('problems for people and models', () => {
	test('are one line each, with their place', () => {
		expect(
			formatProblems([
				{path: 'subtasks[0].id', message: 'expected a short id'},
				{path: '', message: 'expected an object'},
			]),
		).toBe('subtasks[0].id: expected a short id\nexpected an object');
	});
});

function problemsOf(value: unknown) {
	const parsed = parsePlan(value);
	return parsed.ok ? [] : parsed.problems;
}
