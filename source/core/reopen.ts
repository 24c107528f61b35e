import {evaluateCondition, type ConditionResult} from './condition.ts';
import {planOrder} from './plan-order.ts';
import type {Dependency, Plan, Subtask} from './plan.ts';
import {isFinal, type RunState} from './run-state.ts';
import type {SubtaskState, SubtaskStatus} from './run-state-entries.ts';

/**
 * The subtasks that a retry makes pending again, in topological order, or why it is not possible.
 */
export type Reopening =
	| {readonly ok: true; readonly subtasks: readonly string[]}
	| {readonly ok: false; readonly reason: string};

/**
 * Plans the retry of a subtask: itself, the dependencies that kept it from starting and could end
 * differently, and the subtasks skipped because of any of these.
 */
export function planReopening(id: string, plan: Plan, state: RunState): Reopening {
	const subtasks = new Map(plan.subtasks.map(subtask => [subtask.id, subtask]));
	const wanted = subtasks.get(id);
	if (!wanted) {
		const ids = plan.subtasks.map(subtask => subtask.id).join(', ');
		return {ok: false, reason: `unknown subtask "${id}"; the plan has: ${ids}`};
	}

	const status = statusOf(id, state);
	if (!isFinal(status) || status === 'completed') {
		return {
			ok: false,
			reason: `${id} is ${status}: only failed, skipped or cancelled subtasks can be retried`,
		};
	}

	const open = new Set<string>();
	openWithBlockers(wanted, subtasks, state, open);
	const refusals = unmetReasons(wanted, state, open);
	if (isBlocked(wanted, refusals)) {
		return {ok: false, reason: `${id} cannot start: ${refusals.join('; ')}`};
	}

	const order = planOrder(plan);
	for (const place of order) {
		const subtask = subtasks.get(place);
		const touched = subtask?.dependsOn.some(edge => open.has(edge.subtask)) === true;
		if (subtask && touched && statusOf(place, state) === 'skipped') {
			if (!isBlocked(subtask, unmetReasons(subtask, state, open))) {
				open.add(place);
			}
		}
	}

	const reliant = plan.subtasks.find(subtask => reliesOnReopened(subtask, state, open));
	return reliant
		? {
				ok: false,
				reason: `${reliant.id} is in progress because of how ${id} ended; cancel it first`,
			}
		: {ok: true, subtasks: order.filter(place => open.has(place))};
}

/** Whether a subtask is in progress that could not have started while the others are open. */
function reliesOnReopened(subtask: Subtask, state: RunState, open: ReadonlySet<string>): boolean {
	const {dependsOn, join} = subtask;
	const before = state.subtasks.get(subtask.id);
	if (before === undefined || !isInProgress(before)) {
		return false;
	}

	const touched = dependsOn.filter(edge => open.has(edge.subtask));
	const holds = ({subtask: other, when}: Dependency) => {
		const status = statusOf(other, state);
		const outputs = state.subtasks.get(other)?.outputs;
		return isFinal(status) && evaluateCondition(when, other, {status, outputs}).holds;
	};
	return join === 'all'
		? touched.length > 0
		: touched.some(holds) && !dependsOn.some(edge => !open.has(edge.subtask) && holds(edge));
}

/** Whether an attempt is running, merging, or about to be followed by another. */
function isInProgress({status, failedAttempts}: SubtaskState): boolean {
	return !isFinal(status) && status !== 'pending' && (status !== 'ready' || failedAttempts > 0);
}

/** Opens a subtask and, transitively, what kept it from starting. Completed subtasks stay. */
function openWithBlockers(
	wanted: Subtask,
	subtasks: ReadonlyMap<string, Subtask>,
	state: RunState,
	open: Set<string>,
): void {
	const queue = [wanted];
	for (const subtask of queue) {
		open.add(subtask.id);
		if (!isBlocked(subtask, unmetReasons(subtask, state, open))) {
			continue;
		}

		for (const edge of subtask.dependsOn) {
			const blocker = subtasks.get(edge.subtask);
			const refused = unmetReason(edge, state, open) !== undefined;
			if (blocker && refused && statusOf(blocker.id, state) !== 'completed') {
				open.add(blocker.id);
				queue.push(blocker);
			}
		}
	}
}

function unmetReasons(
	{dependsOn}: Subtask,
	state: RunState,
	open: ReadonlySet<string>,
): readonly string[] {
	return dependsOn.flatMap(edge => unmetReason(edge, state, open) ?? []);
}

/** Why a dependency does not hold; `undefined` if it holds or is still open. */
function unmetReason(
	{subtask, when}: Dependency,
	state: RunState,
	open: ReadonlySet<string>,
): string | undefined {
	const status = statusOf(subtask, state);
	if (open.has(subtask) || !isFinal(status)) {
		return undefined;
	}

	const outputs = state.subtasks.get(subtask)?.outputs;
	const held: ConditionResult = evaluateCondition(when, subtask, {status, outputs});
	return held.holds ? undefined : held.reason;
}

function isBlocked({dependsOn, join}: Subtask, refusals: readonly string[]): boolean {
	return join === 'any'
		? dependsOn.length > 0 && refusals.length === dependsOn.length
		: refusals.length > 0;
}

function statusOf(id: string, state: RunState): SubtaskStatus {
	return state.subtasks.get(id)?.status ?? 'pending';
}
