import type {Plan} from './plan.ts';
import {isFinal, type RunState} from './run-state.ts';
import type {SubtaskState} from './run-state-entries.ts';

/** The combined outcome of a run's subtasks. */
export type PlanOutcome =
	| {readonly kind: 'completed'}
	/** `hint`: what a person can do about the first failure. */
	| {readonly kind: 'failed'; readonly reason: string; readonly hint?: string | undefined}
	/** Some subtasks are not final yet. */
	| {readonly kind: 'open'; readonly subtasks: readonly string[]};

/**
 * A plan is completed if every subtask is completed, skipped, or failed *and handled*: a completed
 * subtask depended on its failure.
 */
export function planOutcome(plan: Plan, state: RunState): PlanOutcome {
	const statuses = plan.subtasks.map(({id}) => state.subtasks.get(id));
	const open = plan.subtasks.filter((_, index) => !isSettled(statuses[index])).map(({id}) => id);
	if (open.length > 0) {
		return {kind: 'open', subtasks: open};
	}

	const handled = handledFailures(plan, state);
	const bad = plan.subtasks.flatMap(({id}) => {
		const subtask = state.subtasks.get(id);
		const lost =
			subtask?.status === 'cancelled' || (subtask?.status === 'failed' && !handled.has(id));
		return lost ? [subtask] : [];
	});
	if (bad.length === 0) {
		return {kind: 'completed'};
	}

	const reasons = bad.map(
		({id, failure, reason, status}) => `${id} (${failure?.message ?? reason ?? status})`,
	);
	const hint = bad.find(({failure}) => failure?.hint !== undefined)?.failure?.hint;
	return {
		kind: 'failed',
		reason: `not done: ${reasons.join('; ')}`,
		...(hint === undefined ? {} : {hint}),
	};
}

/** Failed subtasks whose failure a completed subtask depended on. */
export function handledFailures(plan: Plan, state: RunState): ReadonlySet<string> {
	return new Set(
		plan.subtasks
			.filter(({id}) => state.subtasks.get(id)?.status === 'completed')
			.flatMap(({dependsOn}) => dependsOn.filter(({when}) => when === 'failure'))
			.map(({subtask}) => subtask)
			.filter(id => state.subtasks.get(id)?.status === 'failed'),
	);
}

function isSettled(subtask: SubtaskState | undefined): boolean {
	return subtask !== undefined && isFinal(subtask.status);
}
