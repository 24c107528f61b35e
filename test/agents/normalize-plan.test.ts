import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {normalizePlanAnswer} from '../../source/agents/normalize-plan.ts';
import {jsonInAnswer} from '../../source/agents/plan-answer.ts';
import type {Json} from '../../source/core/json.ts';
import {parsePlan} from '../../source/core/plan-problems.ts';
import {randomPlan} from '../core/random-plan.ts';

function planIn(answer: string) {
	const value = jsonInAnswer(answer, true);
	if (value === undefined) {
		throw new Error('no JSON in it');
	}
	return parsePlan(normalizePlanAnswer(value));
}

describe('a plan as small models write it', () => {
	test('is read: tasks with numbers, one check as text, words around', () => {
		const parsed = planIn(`Sure! Here is the plan for the task:

\`\`\`json
{
  "plan": {
    "summary": "Add a --version flag",
    "tasks": [
      {
        "id": 1,
        "name": "Read the version",
        "description": "Read the version from package.json in src/version.ts",
        "dependencies": [],
        "files": ["src/version.ts"],
        "checks": "npm test",
        "status": "pending",
        "estimate": "10 minutes",
      },
      {
        "id": 2,
        "name": "Add the flag",
        "description": "Print the version in src/cli.ts",
        "dependencies": [1], // needs the version
        "files": "src/cli.ts",
        "checks": [],
        "status": "pending",
        "estimate": 0,
      },
    ],
  }
}
\`\`\`

Let me know if you want any changes!`);
		expect(parsed).toMatchObject({
			ok: true,
			plan: {
				summary: 'Add a --version flag',
				subtasks: [
					{
						id: '1',
						title: 'Read the version',
						instructions: 'Read the version from package.json in src/version.ts',
						writes: ['src/version.ts'],
						checks: [{command: 'npm test'}],
						estimate: 10,
					},
					{
						id: '2',
						dependsOn: [{subtask: '1', when: 'success'}],
						writes: ['src/cli.ts'],
						estimate: 1,
					},
				],
			},
		});
	});

	test('is read: the list alone, ids with blanks, titles left out', () => {
		const parsed = planIn(`<think>
The user wants {two} tasks.
</think>
[
  {"task_id": "Task 1", "instructions": "Write the parser in src/parse.ts.\\nHandle empty lines.", "depends_on": "none"},
  {"task_id": "Task 2", "instructions": ["Write tests for it.", "Run them."], "depends_on": "Task 1", "reasoning": "tests come last"}
]`);
		expect(parsed).toMatchObject({
			ok: true,
			plan: {
				subtasks: [
					{id: 'Task-1', title: 'Write the parser in src/parse.ts.', dependsOn: []},
					{
						id: 'Task-2',
						instructions: 'Write tests for it.\nRun them.',
						dependsOn: [{subtask: 'Task-1', when: 'success'}],
					},
				],
			},
		});
	});

	test('is read: ids as keys, conditions in other words, dependencies by title', () => {
		const parsed = planIn(
			JSON.stringify({
				overview: null,
				SubTasks: {
					build: {Title: 'Build it', Instructions: 'Build.', join: 'ALL', outputs: null},
					repair: {
						title: 'Repair',
						instructions: 'Repair what failed.',
						dependsOn: [{task: 'Build it', condition: 'failed'}],
						checks: [{command: 'make'}, {cmd: 'make test', description: 'tests'}],
					},
				},
				final_checks: 'make all',
			}),
		);
		expect(parsed).toMatchObject({
			ok: true,
			plan: {
				subtasks: [
					{id: 'build', join: 'all', outputs: []},
					{
						id: 'repair',
						dependsOn: [{subtask: 'build', when: 'failure'}],
						checks: [
							{name: 'make', command: 'make'},
							{name: 'tests', command: 'make test'},
						],
					},
				],
				checks: [{command: 'make all'}],
			},
		});
	});

	test('is read: ids left out, several dependencies in one text', () => {
		const subtasks = [
			{title: 'A', instructions: 'a'},
			{title: 'B', instructions: 'b'},
			{title: 'C, D', instructions: 'c', requires: 'A, B'},
			{title: 'E', instructions: 'e', requires: 'C, D'},
		];
		expect(planIn(JSON.stringify({steps: subtasks}))).toMatchObject({
			ok: true,
			plan: {
				subtasks: [
					{id: 'subtask-1'},
					{id: 'subtask-2'},
					{dependsOn: [{subtask: 'subtask-1'}, {subtask: 'subtask-2'}]},
					{dependsOn: [{subtask: 'subtask-3'}]},
				],
			},
		});
	});

	test.each<[what: string, value: Json, problem: string]>([
		['no instructions', {tasks: [{id: 1, title: 'A'}]}, 'subtasks[0].instructions'],
		[
			'a condition of two meanings',
			{tasks: [a(1), {...a(2), depends_on: [{id: 1, when: 'completed'}]}]},
			'subtasks[1].dependsOn[0].when',
		],
		[
			'a dependency that nothing has',
			{tasks: [{...a(1), deps: ['Setup']}]},
			'subtasks[0].dependsOn',
		],
		[
			'a dependency that two have',
			{tasks: [a('x'), a('y'), {...a('z'), title: 'Z', deps: ['T']}]},
			'subtasks[2].dependsOn',
		],
		['a field nobody knows', {tasks: [{...a(1), only_if: 'windows'}]}, 'subtasks[0]'],
		['ids that only differ in blanks', {tasks: [a('a b'), a('a-b')]}, 'subtasks[0].id'],
		['two names for one field', {tasks: [{...a(1), name: 'x', title: 'y'}]}, 'subtasks[0]'],
		['an id of nothing', {tasks: [a('???')]}, 'subtasks[0].id'],
		['an estimate in words', {tasks: [{...a(1), estimate: 'soon'}]}, 'subtasks[0].estimate'],
		['nothing like a plan', {answer: 'I cannot do that.'}, 'subtasks'],
		['two plans', {plan: {tasks: [a(1)]}, result: {tasks: [a(2)]}}, 'subtasks'],
	])('is left for the list of problems: %s', (_, value, path) => {
		const parsed = parsePlan(normalizePlanAnswer(value));
		expect(parsed.ok).toBe(false);
		expect(parsed.ok ? [] : parsed.problems.map(problem => problem.path)).toContain(path);
	});
});

test('a right plan stays as it is', () => {
	fc.assert(
		fc.property(randomPlan(), plan => {
			expect(parsePlan(normalizePlanAnswer(plan as unknown as Json))).toEqual(parsePlan(plan));
		}),
	);
});

test('whatever JSON comes, it becomes a plan or a list of problems', () => {
	const keys = fc.constantFrom(
		'plan',
		'tasks',
		'subtasks',
		'id',
		'depends_on',
		'checks',
		'__proto__',
		'name',
		'instructions',
	);
	const value = fc.letrec<{any: unknown}>(tie => ({
		any: fc.oneof(
			{maxDepth: 5},
			fc.constantFrom('a', 'none', '', 1, null, true),
			fc.array(tie('any'), {maxLength: 3}),
			fc.dictionary(keys, tie('any'), {maxKeys: 4}),
		),
	})).any;
	fc.assert(
		fc.property(value, given => {
			const parsed = parsePlan(normalizePlanAnswer(given as Json));
			expect(parsed.ok || parsed.problems.length > 0).toBe(true);
		}),
		{numRuns: 1_000},
	);
});

function a(id: Json): Record<string, Json> {
	return {id, title: 'T', instructions: 'Do it.'};
}
