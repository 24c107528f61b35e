import {z} from 'zod';
import {canonicalJson, parseJson, toJsonSchema, type Json} from '../core/json.ts';
import {subtaskIdPattern, type Plan, type Subtask} from '../core/plan.ts';
import {readJson} from '../core/repair-json.ts';
import type {OutputForm} from './agent.ts';

/*
 * The plan as requested from models: no short forms, every field required, so that the schema fits
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

/*
 * The same with what a grammar can forbid without ruling out a subtask that is repeated: empty texts and
 * lists, ids that are none, endless lists.
 */
const text = z.string().min(1);
const id = z.string().regex(subtaskIdPattern);
const planGrammarSchema = z.strictObject({
	summary: z.string(),
	subtasks: z
		.array(
			z.strictObject({
				id,
				title: text,
				instructions: text,
				dependsOn: z
					.array(z.strictObject({subtask: id, when: z.enum(['success', 'failure', 'completion'])}))
					.max(24),
				join: z.enum(['all', 'any']),
				writes: z.array(text).max(32),
				checks: z.array(text).max(16),
				outputs: z.array(text).max(16),
				estimate: z.int().min(1).max(9_999),
			}),
		)
		.min(1)
		.max(64),
	checks: z.array(text).max(16),
});

/** The form of a lead's answer. */
export function planForm(): OutputForm {
	return {
		name: 'plan',
		schema: toJsonSchema(planAnswerSchema),
		grammar: toJsonSchema(planGrammarSchema),
	};
}

/**
 * Restores subtasks that a model repeated unchanged, as far as its plan format can express them: it
 * has no predicates, check names or attempt limits.
 */
export function restoreKnown(plan: Plan, previous: Plan | undefined): Plan {
	const known = new Map(previous?.subtasks.map(subtask => [subtask.id, subtask]));
	return {
		...plan,
		subtasks: plan.subtasks.map(subtask => {
			const before = known.get(subtask.id);
			return before && asPlanAnswer(before) === asPlanAnswer(subtask) ? before : subtask;
		}),
	};
}

/** A subtask in the format that a model can express. */
function asPlanAnswer({checks, dependsOn, estimate, ...subtask}: Subtask): string {
	return canonicalJson({
		...subtask,
		estimate: Math.max(1, Math.round(estimate)),
		maxAttempts: undefined,
		checks: checks.map(({command}) => command),
		dependsOn: dependsOn.map(({subtask: id, when}) => ({
			subtask: id,
			when: typeof when === 'string' ? when : 'success',
		})),
	});
}

/**
 * The JSON value in a model's answer: the entire text, the content of its code fence (preferably
 * one marked as JSON), or the text from the first `{` (otherwise the first at the start of a line)
 * to the last `}`; each also after thoughts left in the text. Broken JSON is repaired
 * (`repairJson`) only if there is no valid JSON. `undefined` if there is none.
 *
 * @param ended whether the model finished its output: only then may brackets have been forgotten
 */
export function jsonInAnswer(text: string, ended = false): Json | undefined {
	const parts = [text, afterThoughts(text)].map(part => part.trim());
	return (
		first(parts.flatMap(candidatesIn), parseJson) ??
		first(parts, part => first(startsIn(part), start => repairedAt(part, start, ended)))
	);
}

/** Candidates for the document, unrepaired. */
function candidatesIn(text: string): readonly string[] {
	const end = text.lastIndexOf('}') + 1;
	return [text, fenced(text), ...startsIn(text).map(start => text.slice(start, end))];
}

function startsIn(text: string): readonly number[] {
	return [/[[{]/, /\{/, /^[ \t]*[[{]/m]
		.map(pattern => text.search(pattern))
		.filter(start => start !== -1);
}

/** The value that starts at an index; text may follow it, unless brackets were forgotten. */
function repairedAt(text: string, start: number, ended: boolean): Json | undefined {
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

function afterThoughts(text: string): string {
	const end = /<\/(?:think|thinking|reasoning)>|\[\/THINK\]/.exec(text);
	return end ? text.slice(end.index + end[0].length) : '';
}

/** By lines, in linear time: small models may end in thousands of line breaks. */
function fenced(text: string): string {
	const lines = text.split('\n').map(line => line.trim());
	const marked = lines.findIndex(line => line.endsWith('```json'));
	const start = (marked === -1 ? lines.findIndex(line => line.endsWith('```')) : marked) + 1;
	const end = lines.findIndex((line, index) => index >= start && line.startsWith('```'));
	return start === 0 || end === -1 ? '' : lines.slice(start, end).join('\n');
}
