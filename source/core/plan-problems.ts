import {z} from 'zod';
import {createGraph, findCycles, type GraphNode} from './graph.ts';
import {planSchema, type Plan} from './plan.ts';

/** A problem with a plan, and where it is (`subtasks[2].dependsOn`). */
export type PlanProblem = {readonly path: string; readonly message: string};

export type ParsedPlan =
	| {readonly ok: true; readonly plan: Plan}
	| {readonly ok: false; readonly problems: readonly PlanProblem[]};

/**
 * Parses a plan from any value (JSON of a file, a model's answer) and reports all problems at once:
 * shape, unknown and duplicate ids, self-dependencies, each cycle with its path, undeclared
 * outputs.
 */
export function parsePlan(value: unknown): ParsedPlan {
	const parsed = planSchema.safeParse(value);
	const nodes = roughNodes(value);
	const problems = [
		...(parsed.success ? [] : parsed.error.issues.flatMap(describeIssue)),
		...graphProblems(nodes),
		...outputProblems(nodes),
	];
	return parsed.success && problems.length === 0
		? {ok: true, plan: parsed.data}
		: {ok: false, problems};
}

/** One line per problem, for people and models. */
export function formatProblems(problems: readonly PlanProblem[]): string {
	return problems
		.map(({path, message}) => (path === '' ? message : `${path}: ${message}`))
		.join('\n');
}

function graphProblems(nodes: readonly GraphNode[]): readonly PlanProblem[] {
	const problems: PlanProblem[] = [];
	const places = new Map<string, number>();
	for (const [index, {id}] of nodes.entries()) {
		const first = places.get(id);
		if (first === undefined) {
			places.set(id, index);
		} else {
			problems.push({
				path: `subtasks[${index}].id`,
				message: `"${id}" is already the id of subtasks[${first}]`,
			});
		}
	}

	for (const [index, {id, dependsOn}] of nodes.entries()) {
		const path = `subtasks[${index}].dependsOn`;
		for (const [place, other] of dependsOn.entries()) {
			if (!places.has(other)) {
				problems.push({path, message: `"${other}" is not a subtask of this plan`});
			} else if (other === id) {
				problems.push({path, message: `"${id}" depends on itself`});
			} else if (dependsOn.indexOf(other) !== place) {
				problems.push({path, message: `"${other}" is named twice`});
			}
		}
	}

	const withoutSelf = nodes.map(({id, dependsOn}) => ({
		id,
		dependsOn: dependsOn.filter(other => other !== id),
	}));
	for (const cycle of findCycles(createGraph(withoutSelf))) {
		problems.push({
			path: 'subtasks',
			message: `the dependencies form a cycle: ${cycle.join(' → ')}`,
		});
	}

	return problems;
}

function outputProblems(nodes: readonly RoughNode[]): readonly PlanProblem[] {
	const outputs = new Map(nodes.map(node => [node.id, node.outputs]));
	return nodes.flatMap(({reads}, index) =>
		reads.flatMap(({subtask, output}) => {
			if (outputs.get(subtask)?.includes(output) !== false) {
				return [];
			}

			const path = `subtasks[${index}].dependsOn`;
			return [{path, message: `"${subtask}" declares no output "${output}"`}];
		}),
	);
}

/** A subtask as far as it can be parsed. */
type RoughNode = GraphNode & {
	/** What predicates can read: declared outputs, and `checks.<name>`. */
	readonly outputs: readonly string[];
	/** The outputs that its own predicates read. */
	readonly reads: readonly {readonly subtask: string; readonly output: string}[];
};

/** The valid entries; the schema reports the problems of the others. */
function readable<Value>(schema: z.ZodType<Value>) {
	return z
		.array(z.unknown())
		.catch([])
		.transform(entries =>
			entries.flatMap(entry => {
				const parsed = schema.safeParse(entry);
				return parsed.success ? [parsed.data] : [];
			}),
		);
}

const roughEdge = z.union([
	z.string().transform(subtask => ({subtask, when: undefined})),
	z.looseObject({subtask: z.string(), when: z.unknown().optional()}),
]);
const roughCheck = z.union([
	z.string().transform(command => command.trim()),
	z.looseObject({name: z.string()}).transform(({name}) => name),
]);
const roughPredicate = z.looseObject({output: z.string()});
const roughSubtask = z.looseObject({
	id: z.string(),
	dependsOn: readable(roughEdge),
	outputs: readable(z.string()),
	checks: readable(roughCheck),
});
const roughPlan = z.looseObject({subtasks: z.array(z.unknown())});

/**
 * The graph as far as it can be parsed, so that its problems are reported along with those of the
 * shape.
 */
function roughNodes(value: unknown): readonly RoughNode[] {
	const plan = roughPlan.safeParse(value);
	return (plan.data?.subtasks ?? []).map((entry, index) => {
		const subtask = roughSubtask.safeParse(entry);
		if (!subtask.success) {
			return {id: `subtasks[${index}]`, dependsOn: [], outputs: [], reads: []};
		}

		const {id, dependsOn, outputs, checks} = subtask.data;
		return {
			id,
			dependsOn: dependsOn.map(edge => edge.subtask),
			outputs: [...outputs, ...checks.map(name => `checks.${name}`)],
			reads: dependsOn.flatMap(({subtask: other, when}) => {
				const predicate = roughPredicate.safeParse(when);
				return predicate.success ? [{subtask: other, output: predicate.data.output}] : [];
			}),
		};
	});
}

function describeIssue(issue: z.core.$ZodIssue): readonly PlanProblem[] {
	const path = z.core.toDotPath(issue.path);
	if (issue.code !== 'invalid_union') {
		return [{path, message: issue.message}];
	}

	const nearest = issue.errors
		.filter(
			option => !option.some(({code, path: at}) => code === 'invalid_type' && at.length === 0),
		)
		.flat();
	return nearest.length === 0
		? [{path, message: issue.message}]
		: nearest.flatMap(inner => describeIssue({...inner, path: [...issue.path, ...inner.path]}));
}
