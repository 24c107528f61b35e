import {z} from 'zod';
import {toJsonSchema, type Json} from '../core/json.ts';
import {planSchema, type Plan, type Subtask} from '../core/plan.ts';
import {shorten} from '../core/text.ts';
import type {OutputForm, PlanningBrief} from './agent.ts';
import {exampleText} from './prompts.ts';

/*
 * The plan as requested from small models: steps, each after the one before it. They neither write ids
 * and conditions nor repeat what is done. Limits are small: llama.cpp unrolls them in its grammar.
 */
const maxSteps = 4;
const step = z.strictObject({instructions: z.string().min(1).max(400)});
const checkedStep = step.extend({check: z.string().min(1).max(200)});

/** The form of a plan in steps; a step has a check of its own unless the person gave checks. */
export function stepPlanForm({checks}: PlanningBrief): OutputForm {
	const item = checks.length > 0 ? step : checkedStep;
	const grammar = toJsonSchema(z.strictObject({steps: z.array(item).min(1).max(maxSteps)}));
	return {name: 'plan', schema: grammar, grammar};
}

/** Read without the limits, which some servers ignore. */
const answerSchema = z.strictObject({
	steps: z
		.array(
			z.strictObject({
				instructions: z.string().trim().min(1),
				check: z.string().trim().optional(),
			}),
		)
		.min(1),
});

type Step = z.infer<typeof answerSchema>['steps'][number];

/**
 * The plan that an answer in steps stands for; `undefined` if the answer is not in that form. Subtasks of
 * the plan before that are completed or failed stay, and a failed one counts as handled by the first step.
 * The person's checks also verify the last step, while its teammate can still mend it.
 */
export function readStepPlan(value: Json, brief: PlanningBrief): Plan | undefined {
	const {data} = answerSchema.safeParse(value);
	if (!data) {
		return undefined;
	}

	const kept = finishedSubtasks(brief);
	const failed = brief.progress.filter(({status}) => status === 'failed');
	const used = new Set(brief.previous?.subtasks.map(({id}) => id));
	const meant = distinct(data.steps.filter(one => !isExample(one, brief)));
	const steps: readonly Step[] =
		meant.length === 0 ? [{instructions: brief.task}] : inTheirWords(meant, brief);
	const ids = freeIds(steps.length, used);
	return planSchema.parse({
		subtasks: [
			...kept,
			...steps.map(({instructions, check}, index) => ({
				id: ids[index] ?? '',
				title: shorten(instructions.split('\n', 1)[0] ?? '', 60),
				instructions,
				dependsOn:
					index === 0
						? failed.map(({id}) => ({subtask: id, when: 'failure'}))
						: [ids[index - 1] ?? ''],
				checks: [
					...(check === undefined || check === '' ? [] : [check]),
					...(index === steps.length - 1 ? brief.checks : []),
				],
			})),
		],
	});
}

/** Small models add the example of the prompt to their steps. */
function isExample({instructions}: Step, {task}: PlanningBrief): boolean {
	return instructions.includes(exampleText) && !task.includes(exampleText);
}

/** One step is the whole task, and nobody says it better than the person. */
function inTheirWords(steps: readonly Step[], brief: PlanningBrief): readonly Step[] {
	const {task, feedback, progress} = brief;
	return steps.length === 1 && feedback.length === 0 && progress.length === 0
		? steps.map(only => ({...only, instructions: task}))
		: steps;
}

/** Without repetitions, which small models fill the list with. */
function distinct(steps: readonly Step[]): readonly Step[] {
	const names = steps.map(({instructions}) => wordsOf(instructions));
	return steps.filter((_, index) => names.indexOf(names[index] ?? '') === index);
}

/** In lower case, without punctuation. */
function wordsOf(text: string): string {
	return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}

/** What is completed or failed, with all that it depends on. */
function finishedSubtasks({previous, progress}: PlanningBrief): readonly Subtask[] {
	const known = new Map(previous?.subtasks.map(subtask => [subtask.id, subtask]));
	const kept = new Set<string>();
	const keep = (id: string) => {
		if (!kept.has(id)) {
			kept.add(id);
			known.get(id)?.dependsOn.forEach(({subtask}) => {
				keep(subtask);
			});
		}
	};
	for (const {id, status} of progress) {
		if (status === 'completed' || status === 'failed') {
			keep(id);
		}
	}

	return [...known.values()].filter(({id}) => kept.has(id));
}

/** `step-1`, `step-2` and so on, without those already used. */
function freeIds(count: number, used: ReadonlySet<string>): readonly string[] {
	const ids: string[] = [];
	for (let number = 1; ids.length < count; number++) {
		const id = `step-${number}`;
		if (!used.has(id)) {
			ids.push(id);
		}
	}

	return ids;
}
