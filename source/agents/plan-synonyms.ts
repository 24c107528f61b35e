import type {JsonObject} from '../core/json.ts';
import {normalizedName} from '../core/text.ts';

/**
 * Field names of the plan with the synonyms that models use, ignoring case and `-_`. The first
 * match wins.
 */
type FieldNames = Readonly<Record<string, readonly string[]>>;

export const planNames: FieldNames = {
	subtasks: ['subtasks', 'tasks', 'steps'],
	summary: ['summary', 'overview'],
	checks: ['checks', 'finalchecks'],
};

export const subtaskNames: FieldNames = {
	id: ['id', 'taskid', 'subtaskid', 'subtask', 'key'],
	title: ['title', 'name', 'label'],
	instructions: ['instructions', 'instruction', 'description', 'details', 'prompt', 'task'],
	dependsOn: ['dependson', 'dependencies', 'dependency', 'depends', 'deps', 'requires'],
	join: ['join'],
	writes: ['writes', 'files', 'paths'],
	checks: ['checks', 'check'],
	outputs: ['outputs', 'output'],
	estimate: [
		'estimate',
		'estimatedminutes',
		'estimateminutes',
		'estimatedtime',
		'duration',
		'minutes',
	],
	maxAttempts: ['maxattempts'],
};

export const dependencyNames: FieldNames = {
	subtask: ['subtask', 'id', 'subtaskid', 'task', 'taskid'],
	when: ['when', 'condition'],
};

export const checkNames: FieldNames = {
	command: ['command', 'cmd', 'run'],
	name: ['name', 'title', 'description'],
};

/** Extra fields that models add, which mean nothing to the program. */
const ignoredFields: ReadonlySet<string> = new Set([
	'agent',
	'assignedto',
	'assignee',
	'comment',
	'comments',
	'explanation',
	'notes',
	'priority',
	'rationale',
	'reasoning',
	'status',
	'teammate',
	'thought',
	'thoughts',
	'type',
]);

/**
 * Renames the fields to those of the plan, dropping extra fields and `null`. Duplicates are kept as
 * they are.
 */
export function renameFields(fields: JsonObject, names: FieldNames): JsonObject {
	const bare = new Map(Object.keys(fields).map(key => [normalizedName(key), key]));
	const taken = new Map<string, string>();
	for (const [name, others] of Object.entries(names)) {
		const key = others.map(other => bare.get(other)).find(found => found !== undefined);
		if (Object.hasOwn(fields, name)) {
			taken.set(name, name);
		} else if (key !== undefined) {
			taken.set(key, name);
		}
	}

	return Object.fromEntries(
		Object.entries(fields)
			.filter(
				([key, field]) =>
					field !== null && (taken.has(key) || !ignoredFields.has(normalizedName(key))),
			)
			.map(([key, field]) => [taken.get(key) ?? key, field]),
	);
}

/** `completed` and `done` are ambiguous (success or completion), so they are left out. */
export const conditions: Readonly<Record<string, string>> = {
	success: 'success',
	succeeded: 'success',
	successful: 'success',
	failure: 'failure',
	failed: 'failure',
	fails: 'failure',
	completion: 'completion',
	always: 'completion',
};
