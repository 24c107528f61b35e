import {z} from 'zod';
import {createGraph, findCycles, type GraphNode} from './graph.ts';
import {planSchema, type Plan} from './plan.ts';

/** What is wrong with a plan, and where (`subtasks[2].dependsOn`). */
export type PlanProblem = {readonly path: string; readonly message: string};

export type ParsedPlan =
	| {readonly ok: true; readonly plan: Plan}
	| {readonly ok: false; readonly problems: readonly PlanProblem[]};

/**
 * Reads a plan from anything (a file's JSON, a model's answer) and reports every problem at once:
 * shape, unknown and repeated ids, dependencies on itself, each cycle with its path.
 */
export function parsePlan(value: unknown): ParsedPlan {
	const parsed = planSchema.safeParse(value);
	const problems = [
		...(parsed.success ? [] : parsed.error.issues.flatMap(describeIssue)),
		...graphProblems(roughNodes(value)),
		...(parsed.success ? outputProblems(parsed.data) : []),
	];
	return parsed.success && problems.length === 0
		? {ok: true, plan: parsed.data}
		: {ok: false, problems};
}

/** One line a problem, for people and models. */
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

function outputProblems(plan: Plan): readonly PlanProblem[] {
	const outputs = new Map(
		plan.subtasks.map(subtask => [
			subtask.id,
			[...subtask.outputs, ...subtask.checks.map(check => `checks.${check.name}`)],
		]),
	);
	return plan.subtasks.flatMap(({dependsOn}, index) =>
		dependsOn.flatMap(({subtask, when}) => {
			if (typeof when === 'string' || outputs.get(subtask)?.includes(when.output) !== false) {
				return [];
			}

			const path = `subtasks[${index}].dependsOn`;
			return [{path, message: `"${subtask}" declares no output "${when.output}"`}];
		}),
	);
}

const roughDependency = z.union([z.string(), z.looseObject({subtask: z.string()})]);
const roughSubtask = z.looseObject({id: z.string(), dependsOn: z.unknown().optional()});
const roughPlan = z.looseObject({subtasks: z.array(z.unknown())});

/** The graph as far as it can be made out, so that its problems are told beside those of the shape. */
function roughNodes(value: unknown): readonly GraphNode[] {
	const plan = roughPlan.safeParse(value);
	return (plan.data?.subtasks ?? []).flatMap((entry, index) => {
		const subtask = roughSubtask.safeParse(entry);
		if (!subtask.success) {
			return [{id: `subtasks[${index}]`, dependsOn: []}];
		}

		const {id, dependsOn} = subtask.data;
		const edges = Array.isArray(dependsOn) ? dependsOn : [];
		return [
			{
				id,
				dependsOn: edges.flatMap(edge => {
					const parsed = roughDependency.safeParse(edge);
					if (!parsed.success) {
						return [];
					}

					return [typeof parsed.data === 'string' ? parsed.data : parsed.data.subtask];
				}),
			},
		];
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
