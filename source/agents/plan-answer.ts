import {z} from 'zod';
import {canonicalJson, parseJson, type Json, type JsonSchema} from '../core/json.ts';
import type {Plan, Subtask} from '../core/plan.ts';

/*
 * The plan as models are asked for it: no short forms, every field required, so that the schema fits
 * the strict modes of all vendors and the grammars of local servers.
 */
const planAnswerSchema = z.strictObject({
	summary: z.string(),
	subtasks: z.array(
		z.strictObject({
			id: z.string(),
			title: z.string(),
			instructions: z.string(),
			dependsOn: z.array(
				z.strictObject({
					subtask: z.string(),
					when: z.enum(['success', 'failure', 'completion']),
				}),
			),
			join: z.enum(['all', 'any']),
			writes: z.array(z.string()),
			checks: z.array(z.string()),
			outputs: z.array(z.string()),
			estimate: z.number(),
		}),
	),
	checks: z.array(z.string()),
});

/** JSON Schema of the structured answer that a lead gives. */
export function planAnswerJsonSchema(): JsonSchema {
	const {$schema: _, ...schema} = z.toJSONSchema(planAnswerSchema);
	return z.record(z.string(), z.json()).parse(schema);
}

/**
 * Puts known subtasks in place of those that a model gave back unchanged, as far as it can say them:
 * its form of a plan has no predicates, no names of checks and no limit on attempts.
 */
export function keepKnown(plan: Plan, previous: Plan | undefined): Plan {
	const known = new Map(previous?.subtasks.map(subtask => [subtask.id, subtask]));
	return {
		...plan,
		subtasks: plan.subtasks.map(subtask => {
			const before = known.get(subtask.id);
			return before && asSaid(before) === asSaid(subtask) ? before : subtask;
		}),
	};
}

/** A subtask as a model can say it. */
function asSaid({checks, dependsOn, ...subtask}: Subtask): string {
	return canonicalJson({
		...subtask,
		maxAttempts: undefined,
		checks: checks.map(({command}) => command),
		dependsOn: dependsOn.map(({subtask: id, when}) => ({
			subtask: id,
			when: typeof when === 'string' ? when : 'success',
		})),
	});
}

/**
 * The JSON value in a model's answer: the whole text, the content of its code fence (one marked as
 * JSON first), or the text from the first `{` to the last `}`. `undefined` when there is none.
 */
export function jsonInAnswer(text: string): Json | undefined {
	const trimmed = text.trim();
	const braces = trimmed.slice(trimmed.indexOf('{'), trimmed.lastIndexOf('}') + 1);
	return parseJson(trimmed) ?? parseJson(fenced(trimmed)) ?? parseJson(braces);
}

/** By lines, in linear time: small models end in thousands of line breaks. */
function fenced(text: string): string {
	const lines = text.split('\n').map(line => line.trim());
	const marked = lines.findIndex(line => line.endsWith('```json'));
	const start = (marked === -1 ? lines.findIndex(line => line.endsWith('```')) : marked) + 1;
	const end = lines.findIndex((line, index) => index >= start && line.startsWith('```'));
	return start === 0 || end === -1 ? '' : lines.slice(start, end).join('\n');
}
