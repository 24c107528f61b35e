import {describe, expect, test} from 'vitest';
import type {PlanningBrief} from '../../source/agents/agent.ts';
import {readStepPlan, stepPlanForm} from '../../source/agents/step-plan.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

const brief: PlanningBrief = {
	task: 'write hello into out.txt',
	teammates: 3,
	overview: '',
	projectInstructions: undefined,
	checks: ['grep -q hello out.txt'],
	previous: undefined,
	feedback: [],
	progress: [],
};

const stepsOf = (...instructions: readonly string[]) => ({
	steps: instructions.map(text => ({instructions: text})),
});

describe('a plan in steps', () => {
	test('is a chain of subtasks, the last of which the checks of the person verify', () => {
		const plan = readStepPlan(stepsOf('Write a.txt', 'Write b.txt', 'Write c.txt'), brief);
		expect(plan?.subtasks).toMatchObject([
			{id: 'step-1', instructions: 'Write a.txt', dependsOn: [], checks: []},
			{id: 'step-2', dependsOn: [{subtask: 'step-1', when: 'success'}], checks: []},
			{
				id: 'step-3',
				dependsOn: [{subtask: 'step-2', when: 'success'}],
				checks: [{command: 'grep -q hello out.txt'}],
			},
		]);
	});

	test.each([
		['one step', stepsOf('Write the text "Hello" into out.txt.')],
		['a step again and again', stepsOf('Write Hello.', 'write hello', 'Write hello!')],
		['the example of its prompt', stepsOf('Write the text "good morning" into notes.md.')],
		['a step and the example', stepsOf('Write it.', 'Write "good morning" into notes.md.')],
	])('of %s is the task in the words of the person', (_, answer) => {
		const plan = readStepPlan(answer, brief);
		expect(plan?.subtasks.map(({instructions}) => instructions)).toEqual([brief.task]);
	});

	test('keeps the words of the model if the person said more', () => {
		const plan = readStepPlan(stepsOf('Write HELLO.'), {...brief, feedback: ['in capitals']});
		expect(plan?.subtasks).toMatchObject([{instructions: 'Write HELLO.'}]);
	});

	test('has checks of its own if the person gave none', () => {
		const asked = {...brief, checks: []};
		const answer = {steps: [{instructions: 'Write it.', check: 'test -f out.txt'}]};
		expect(readStepPlan(answer, asked)?.subtasks).toMatchObject([
			{checks: [{command: 'test -f out.txt'}]},
		]);
		expect(JSON.stringify(stepPlanForm(asked).grammar)).toContain(
			'"required":["instructions","check"]',
		);
		expect(JSON.stringify(stepPlanForm(brief).grammar)).not.toContain('"check"');
	});

	test('revises a plan: what is finished stays, what failed is handled by the first step', () => {
		const previous = planOf({
			subtasks: [
				subtask('parse'),
				subtask('format', {dependsOn: ['parse']}),
				subtask('step-1', {dependsOn: ['format']}),
			],
		});
		const plan = readStepPlan(stepsOf('Mend the format.'), {
			...brief,
			previous,
			progress: [
				{id: 'parse', status: 'completed', summary: ''},
				{id: 'format', status: 'failed', summary: ''},
				{id: 'step-1', status: 'pending', summary: ''},
			],
		});
		expect(plan?.subtasks.slice(0, 2)).toEqual(previous.subtasks.slice(0, 2));
		expect(plan?.subtasks.slice(2)).toMatchObject([
			{
				id: 'step-2',
				instructions: 'Mend the format.',
				dependsOn: [{subtask: 'format', when: 'failure'}],
			},
		]);
	});

	test('keeps a subtask without which a completed one would depend on nothing', () => {
		const previous = planOf({
			subtasks: [
				subtask('slow'),
				subtask('quick'),
				subtask('report', {dependsOn: ['slow', 'quick'], join: 'any'}),
			],
		});
		const plan = readStepPlan(stepsOf('Write it.'), {
			...brief,
			previous,
			progress: [
				{id: 'slow', status: 'pending', summary: ''},
				{id: 'quick', status: 'completed', summary: ''},
				{id: 'report', status: 'completed', summary: ''},
			],
		});
		expect(plan?.subtasks.map(({id}) => id)).toEqual(['slow', 'quick', 'report', 'step-1']);
	});

	test('has one to four steps, none of them empty', () => {
		expect(stepPlanForm(brief).grammar).toMatchObject({
			properties: {
				steps: {
					minItems: 1,
					maxItems: 4,
					items: {properties: {instructions: {minLength: 1, maxLength: 400}}},
				},
			},
		});
	});

	test('is read when its server ignores the limits of the form', () => {
		const long = `Write ${'a'.repeat(2_000)}`;
		const plan = readStepPlan(stepsOf('\n  Look at it.\n', long, 'End.'), brief);
		expect(plan?.subtasks).toMatchObject([
			{title: 'Look at it.', instructions: 'Look at it.'},
			{instructions: long},
			{id: 'step-3'},
		]);
	});

	test('has no check where its check is blank', () => {
		const answer = {steps: [{instructions: 'Write it.', check: ' '}]};
		expect(readStepPlan(answer, {...brief, checks: []})?.subtasks).toMatchObject([{checks: []}]);
	});

	test.each([
		['blank', {steps: [{instructions: ' '}]}],
		['a whole plan', {subtasks: [{id: 'parse', title: 'Parse', instructions: 'Parse it.'}]}],
		['steps with more to them', {steps: [{instructions: 'Write it.', dependsOn: []}]}],
		['no steps', {steps: []}],
		['words', 'Write it.'],
	] as const)('is not %s', (_, answer) => {
		expect(readStepPlan(answer, brief)).toBeUndefined();
	});
});
