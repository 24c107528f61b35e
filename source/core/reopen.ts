import {conditionHolds, type Held} from './condition.ts';
import {planOrder} from './plan-order.ts';
import type {Dependency, Plan, Subtask} from './plan.ts';
import {isFinal, type RunState, type SubtaskState, type SubtaskStatus} from './run-state.ts';

/** Which subtasks a retry makes pending again, in the order of the graph; or why it cannot. */
export type Reopening =
	| {readonly ok: true; readonly subtasks: readonly string[]}
	| {readonly ok: false; readonly reason: string};

/**
 * What it takes to try a subtask again: itself; what kept it from starting, where that could end in
 * another way; and the subtasks that were skipped because of all these.
 */
export function reopeningOf(id: string, plan: Plan, state: RunState): Reopening {
	const subtasks = new Map(plan.subtasks.map(subtask => [subtask.id, subtask]));
	const wanted = subtasks.get(id);
	if (!wanted) {
		const ids = plan.subtasks.map(subtask => subtask.id).join(', ');
		return {ok: false, reason: `there is no subtask "${id}"; there are: ${ids}`};
	}

	const status = statusOf(id, state);
	if (!isFinal(status) || status === 'completed') {
		return {
			ok: false,
			reason: `${id} is ${status}: only what failed or did not run is tried again`,
		};
	}

	const open = new Set<string>();
	openWithBlockers(wanted, subtasks, state, open);
	const refusals = refusalsOf(wanted, state, open);
	if (isImpossible(wanted, refusals)) {
		return {ok: false, reason: `${id} cannot start: ${refusals.join('; ')}`};
	}

	const order = planOrder(plan);
	for (const place of order) {
		const subtask = subtasks.get(place);
		const touched = subtask?.dependsOn.some(edge => open.has(edge.subtask)) === true;
		if (subtask && touched && statusOf(place, state) === 'skipped') {
			if (!isImpossible(subtask, refusalsOf(subtask, state, open))) {
				open.add(place);
			}
		}
	}

	const disturbed = plan.subtasks.find(subtask => isDisturbed(subtask, state, open));
	return disturbed
		? {
				ok: false,
				reason: `${disturbed.id} is under way because of how ${id} ended; cancel it first`,
			}
		: {ok: true, subtasks: order.filter(place => open.has(place))};
}

/** Whether a subtask is under way that could not have started while the others are open. */
function isDisturbed(subtask: Subtask, state: RunState, open: ReadonlySet<string>): boolean {
	const {dependsOn, join} = subtask;
	const before = state.subtasks.get(subtask.id);
	if (before === undefined || !isUnderWay(before)) {
		return false;
	}

	const touched = dependsOn.filter(edge => open.has(edge.subtask));
	const holds = ({subtask: other, when}: Dependency) => {
		const status = statusOf(other, state);
		const outputs = state.subtasks.get(other)?.outputs;
		return isFinal(status) && conditionHolds(when, other, {status, outputs}).holds;
	};
	return join === 'all'
		? touched.length > 0
		: touched.some(holds) && !dependsOn.some(edge => !open.has(edge.subtask) && holds(edge));
}

/** Whether an attempt runs, is merged, or is to be followed by the next one. */
function isUnderWay({status, failedAttempts}: SubtaskState): boolean {
	return !isFinal(status) && status !== 'pending' && (status !== 'ready' || failedAttempts > 0);
}

/** Opens a subtask, and what kept it from starting, and so on up; what is completed stays. */
function openWithBlockers(
	wanted: Subtask,
	subtasks: ReadonlyMap<string, Subtask>,
	state: RunState,
	open: Set<string>,
): void {
	const queue = [wanted];
	for (const subtask of queue) {
		open.add(subtask.id);
		if (!isImpossible(subtask, refusalsOf(subtask, state, open))) {
			continue;
		}

		for (const edge of subtask.dependsOn) {
			const blocker = subtasks.get(edge.subtask);
			const refused = refusalOf(edge, state, open) !== undefined;
			if (blocker && refused && statusOf(blocker.id, state) !== 'completed') {
				open.add(blocker.id);
				queue.push(blocker);
			}
		}
	}
}

function refusalsOf(
	{dependsOn}: Subtask,
	state: RunState,
	open: ReadonlySet<string>,
): readonly string[] {
	return dependsOn.flatMap(edge => refusalOf(edge, state, open) ?? []);
}

/** Why a dependency does not hold, as things stand; `undefined` when it holds or is still open. */
function refusalOf(
	{subtask, when}: Dependency,
	state: RunState,
	open: ReadonlySet<string>,
): string | undefined {
	const status = statusOf(subtask, state);
	if (open.has(subtask) || !isFinal(status)) {
		return undefined;
	}

	const outputs = state.subtasks.get(subtask)?.outputs;
	const held: Held = conditionHolds(when, subtask, {status, outputs});
	return held.holds ? undefined : held.reason;
}

function isImpossible({dependsOn, join}: Subtask, refusals: readonly string[]): boolean {
	return join === 'any'
		? dependsOn.length > 0 && refusals.length === dependsOn.length
		: refusals.length > 0;
}

function statusOf(id: string, state: RunState): SubtaskStatus {
	return state.subtasks.get(id)?.status ?? 'pending';
}
