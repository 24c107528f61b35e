import {z} from 'zod';
import {canonicalJson, parseJson, type Json, type JsonSchema} from '../core/json.ts';
import type {Plan, Subtask} from '../core/plan.ts';
import {readJson} from '../core/repair-json.ts';

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
 * The JSON value in a model's answer: the whole text, the content of its code fence (one marked as JSON
 * first), or the text from the first `{` (else the first at the start of a line) to the last `}`; each
 * behind thoughts that were left in the text, too. What is nearly JSON is mended (`repairJson`), but only when
 * nothing is JSON as it stands. `undefined` when there is none.
 *
 * @param ended whether the model came to its own end: only then a bracket may have been forgotten
 */
export function jsonInAnswer(text: string, ended = false): Json | undefined {
	const parts = [text, behindThoughts(text)].map(part => part.trim());
	return (
		first(parts.flatMap(wholesIn), parseJson) ??
		first(parts, part => first(startsIn(part), start => mendedAt(part, start, ended)))
	);
}

/** What may be the document as it stands. */
function wholesIn(text: string): readonly string[] {
	const end = text.lastIndexOf('}') + 1;
	return [text, fenced(text), ...startsIn(text).map(start => text.slice(start, end))];
}

function startsIn(text: string): readonly number[] {
	return [/[[{]/, /\{/, /^[ \t]*[[{]/m]
		.map(pattern => text.search(pattern))
		.filter(start => start !== -1);
}

/** The value that begins at a place; words may follow it, but not where brackets were forgotten. */
function mendedAt(text: string, start: number, ended: boolean): Json | undefined {
	const end = text.endsWith('```') ? text.length - '```'.length : text.length;
	return readJson(text, start, at => ended && at === end)?.value;
}

function first<Place>(
	places: readonly Place[],
	read: (place: Place) => Json | undefined,
): Json | undefined {
	for (const place of places) {
		const value = read(place);
		if (value !== undefined) {
			return value;
		}
	}

	return undefined;
}

function behindThoughts(text: string): string {
	const end = /<\/(?:think|thinking|reasoning)>|\[\/THINK\]/.exec(text);
	return end ? text.slice(end.index + end[0].length) : '';
}

/** By lines, in linear time: small models end in thousands of line breaks. */
function fenced(text: string): string {
	const lines = text.split('\n').map(line => line.trim());
	const marked = lines.findIndex(line => line.endsWith('```json'));
	const start = (marked === -1 ? lines.findIndex(line => line.endsWith('```')) : marked) + 1;
	const end = lines.findIndex((line, index) => index >= start && line.startsWith('```'));
	return start === 0 || end === -1 ? '' : lines.slice(start, end).join('\n');
}
