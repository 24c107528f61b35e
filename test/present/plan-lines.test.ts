import {describe, expect, test} from 'vitest';
import {emptyRunState, pendingSubtask} from '../../source/core/run-state.ts';
import {planLines, verdictLines} from '../../source/present/plan-lines.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

describe('a plan', () => {
	const plan = planOf({
		subtasks: [
			subtask('tests', {outputs: ['count'], checks: ['npm test']}),
			subtask('fix', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
			subtask('tidy', {dependsOn: [{subtask: 'tests', when: 'completion'}, 'fix']}),
			subtask('go-on', {
				join: 'any',
				dependsOn: [
					'fix',
					{subtask: 'tests', when: {output: 'count', equals: 0}},
					{subtask: 'tidy', when: 'success'},
				],
			}),
			subtask('last', {dependsOn: [{subtask: 'tests', when: {output: 'count', exists: false}}]}),
		],
		checks: ['npm run lint'],
	});

	test('is one line a subtask, with what it waits for and its checks', () => {
		expect(planLines(plan)).toEqual([
			'  · tests  tests',
			'    check: npm test',
			'  · fix    fix  ← tests failed',
			'  · tidy   tidy  ← tests ended, fix',
			'  · go-on  go-on  ← fix or tests with count = 0 or tidy',
			'  · last   last  ← tests without count',
			'  final check: npm run lint',
		]);
	});

	test('shows how far each subtask is', () => {
		const state = emptyRunState();
		state.subtasks.set('tests', {...pendingSubtask('tests'), status: 'completed'});
		expect(planLines(plan, state)[0]).toBe('  ✓ tests  tests');
		state.subtasks.set('fix', {...pendingSubtask('fix'), status: 'verifying'});
		expect(planLines(plan, state)[2]).toBe('  ◑ fix    fix  ← tests failed');
		state.status = 'stopped';
		expect(planLines(plan, state)[2]).toBe('  ■ fix    fix  ← tests failed');
	});

	test('hides nothing of its checks, and prints nothing that a terminal would act on', () => {
		const hostile = planOf({
			subtasks: [
				subtask('a', {
					title: `title${poison}`,
					outputs: [`out${poison}`],
					checks: [`ls${poison}`],
				}),
				subtask('b', {
					dependsOn: [{subtask: 'a', when: {output: `out${poison}`, equals: poison}}],
				}),
				subtask('c', {dependsOn: [{subtask: 'a', when: {output: `out${poison}`, exists: true}}]}),
			],
			checks: [`make${poison}`],
		});
		const lines = planLines(hostile);
		expect(lines).toHaveLength(5);
		for (const line of lines) {
			expect(line).not.toMatch(unprintable);
		}

		expect(lines[1]).toContain('\\x1b[2J');
		expect(lines[4]).toContain('\\u{202e}');
	});
});

test('verdicts say what is good, odd and bad, without acting on a terminal', () => {
	expect(
		verdictLines([
			{criterion: 'tests', result: 'pass', reasons: ['1 check']},
			{criterion: 'cost', result: 'warn', reasons: ['a', 'b']},
			{criterion: `own${poison}`, result: 'fail', reasons: [`x${poison}`]},
		]),
	).toEqual([
		{subject: 'tests', text: 'pass: 1 check', tone: 'good'},
		{subject: 'cost', text: 'warn: a; b', tone: 'warning'},
		{subject: 'own', text: 'fail: x', tone: 'bad'},
	]);
});
