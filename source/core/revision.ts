import {canonicalJson} from './json.ts';
import type {PlanProblem} from './plan-problems.ts';
import type {Plan, Subtask} from './plan.ts';
import type {RunState} from './run-state.ts';

/** Maximum number of plan revisions in a run. */
export const maxRevisions = 5;

/**
 * What rules out a plan as the next revision once work has started: finished subtasks must not
 * change, and ids of started ones are never reused.
 */
export function revisionProblems(next: Plan, state: RunState): readonly PlanProblem[] {
	const known = new Map(state.plan?.plan.subtasks.map(subtask => [subtask.id, subtask]));
	const places = new Map(next.subtasks.map(({id}, index) => [id, index]));
	return [...state.subtasks.values()].flatMap(({id, status, attempt}) => {
		const finished = status === 'completed' || status === 'failed';
		if (!finished && attempt === 0) {
			return [];
		}

		const place = places.get(id);
		const path = place === undefined ? 'subtasks' : `subtasks[${place}]`;
		if (place === undefined) {
			return finished ? [{path, message: `"${id}" is ${status}, so it has to stay`}] : [];
		}

		return isSame(next.subtasks[place], known.get(id))
			? []
			: [{path, message: finished ? finishedChanged(id, status) : begunChanged(id)}];
	});
}

function isSame(next: Subtask | undefined, before: Subtask | undefined): boolean {
	return canonicalJson(next) === canonicalJson(before);
}

function finishedChanged(id: string, status: string): string {
	return `"${id}" is ${status}, so it has to stay exactly as it was; what is to be done now needs a subtask of its own`;
}

function begunChanged(id: string): string {
	return `"${id}" was begun: keep it exactly as it was, or leave it out and give the new subtask another id`;
}
