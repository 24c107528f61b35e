import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {planHash, planSchema} from '../../source/core/plan.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {randomPlan} from './random-plan.ts';

describe('a plan', () => {
	test('can be written in short form', () => {
		const plan = planOf({
			subtasks: [
				subtask('a', {checks: [' npm test ', {name: 'types', command: 'tsc'}]}),
				subtask('b', {dependsOn: ['a', {subtask: 'c'}]}),
				subtask('c', {dependsOn: [{subtask: 'a', when: 'failure'}]}),
			],
			checks: ['npm run lint'],
		});
		expect(plan).toEqual({
			summary: '',
			subtasks: [
				{
					id: 'a',
					title: 'a',
					instructions: 'do a',
					dependsOn: [],
					join: 'all',
					writes: [],
					checks: [
						{name: 'npm test', command: 'npm test'},
						{name: 'types', command: 'tsc'},
					],
					outputs: [],
					estimate: 1,
				},
				expect.objectContaining({
					dependsOn: [
						{subtask: 'a', when: 'success'},
						{subtask: 'c', when: 'success'},
					],
				}),
				expect.objectContaining({dependsOn: [{subtask: 'a', when: 'failure'}]}),
			],
			checks: [{name: 'npm run lint', command: 'npm run lint'}],
		});
	});

	test('stays the same when it is written to a log and read again', () => {
		fc.assert(
			fc.property(randomPlan(), plan => {
				expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
			}),
		);
	});

	test.each([
		['an id with 64 characters', {subtasks: [subtask('a'.repeat(64))]}, true],
		['an id with 65 characters', {subtasks: [subtask('a'.repeat(65))]}, false],
		['an id that is a path', {subtasks: [subtask('../x')]}, false],
		['an id that is an option', {subtasks: [subtask('--all')]}, false],
		['an id with a space', {subtasks: [subtask('a b')]}, false],
		['no subtask', {subtasks: []}, false],
		['5,000 subtasks', {subtasks: many(5_000)}, true],
		['5,001 subtasks', {subtasks: many(5_001)}, false],
		['10 attempts', {subtasks: [subtask('a', {maxAttempts: 10})]}, true],
		['11 attempts', {subtasks: [subtask('a', {maxAttempts: 11})]}, false],
		['no attempt', {subtasks: [subtask('a', {maxAttempts: 0})]}, false],
		['an estimate of nothing', {subtasks: [subtask('a', {estimate: 0})]}, false],
		['an endless estimate', {subtasks: [subtask('a', {estimate: Infinity})]}, false],
		['an empty check', {subtasks: [subtask('a', {checks: ['  ']})]}, false],
		['no instructions', {subtasks: [subtask('a', {instructions: ''})]}, false],
		['a field that nobody knows', {subtasks: [subtask('a', {dependson: []})]}, false],
		['another field that nobody knows', {subtasks: [subtask('a')], check: []}, false],
	])('with %s: %s', (_, plan, valid) => {
		expect(planSchema.safeParse(plan).success).toBe(valid);
	});
});

describe('the hash of a plan', () => {
	test('is the same for the same content, in whatever order its fields were written', () => {
		fc.assert(
			fc.property(randomPlan(), plan => {
				const turned = planSchema.parse({
					checks: plan.checks,
					subtasks: plan.subtasks.map(entry =>
						Object.fromEntries(Object.entries(entry).toReversed()),
					),
					summary: plan.summary,
				});
				expect(planHash(turned)).toBe(planHash(plan));
			}),
		);
		expect(planHash(planOf({subtasks: [subtask('a')]}))).toMatch(/^[0-9a-f]{64}$/);
	});

	test('is the same for short and long form', () => {
		const long = planOf({
			subtasks: [
				subtask('a'),
				subtask('b', {join: 'all', dependsOn: [{subtask: 'a', when: 'success'}], estimate: 1}),
			],
			checks: [{name: 'x', command: 'x'}],
		});
		const short = planOf({
			subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})],
			checks: ['x'],
		});
		expect(planHash(short)).toBe(planHash(long));
	});

	test('changes with anything that a person approves', () => {
		const entry = subtask('a');
		const plans = [
			{subtasks: [entry]},
			{subtasks: [entry, subtask('b')]},
			{subtasks: [subtask('b'), entry]},
			{subtasks: [{...entry, title: 'A'}]},
			{subtasks: [{...entry, instructions: 'do b'}]},
			{subtasks: [{...entry, checks: ['npm test']}]},
			{subtasks: [{...entry, checks: ['npm  test']}]},
			{subtasks: [{...entry, writes: ['src']}]},
			{subtasks: [{...entry, maxAttempts: 2}]},
			{subtasks: [entry], checks: ['npm test']},
			{subtasks: [entry], summary: 'x'},
		];
		expect(new Set(plans.map(plan => planHash(planOf(plan)))).size).toBe(plans.length);
	});
});

function many(count: number): readonly unknown[] {
	return Array.from({length: count}, (_, index) => subtask(`s${index}`));
}
