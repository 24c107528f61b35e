import type {Json} from '../core/json.ts';

export type Fields = {readonly [key: string]: Json};

/** By the name as the plan has it: what models write instead, without case and `-_`. First wins. */
type Names = Readonly<Record<string, readonly string[]>>;

export const planNames: Names = {
	subtasks: ['subtasks', 'tasks', 'steps'],
	summary: ['summary', 'overview'],
	checks: ['checks', 'finalchecks'],
};

export const subtaskNames: Names = {
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

export const dependencyNames: Names = {
	subtask: ['subtask', 'id', 'subtaskid', 'task', 'taskid'],
	when: ['when', 'condition'],
};

export const checkNames: Names = {
	command: ['command', 'cmd', 'run'],
	name: ['name', 'title', 'description'],
};

/** Talk that says nothing to the program, as models add it to what they were asked for. */
const talk: ReadonlySet<string> = new Set([
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

/** The fields under the names of the plan, without talk and `null`. Two that mean the same stay as they are. */
export function renamed(fields: Fields, names: Names): Fields {
	const bare = new Map(Object.keys(fields).map(key => [bareOf(key), key]));
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
			.filter(([key, field]) => field !== null && (taken.has(key) || !talk.has(bareOf(key))))
			.map(([key, field]) => [taken.get(key) ?? key, field]),
	);
}

/** `completed` and `done` may mean "well" or "anyhow": they are not here. */
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

export function bareOf(name: string): string {
	return name.replaceAll(/[-_ ]/g, '').toLowerCase();
}

export function isObject(value: Json | undefined): value is Fields {
	return typeof value === 'object' && value !== null && !isList(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
	return Array.isArray(value);
}
