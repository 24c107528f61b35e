import type {SubtaskOutcome} from '../../core/condition.ts';
import {createFrontier, type FrontierUpdate} from '../../core/frontier.ts';
import {planOrder} from '../../core/plan-order.ts';
import type {Plan} from '../../core/plan.ts';
import {isFinal, type RunState} from '../../core/run-state.ts';
import type {SubtaskState} from '../../core/run-state-entries.ts';
import {createReadyQueue} from './ready-queue.ts';

/** What an attempt led to. */
export type AttemptOutcome =
	/** The subtask is final; its status is in the state. */
	| {readonly kind: 'settled'}
	/** The teammate is free; `merged` resolves when the merge lane is done with its change. */
	| {readonly kind: 'merging'; readonly merged: Promise<AttemptOutcome>}
	/** The next attempt starts after a delay. */
	| {readonly kind: 'retry'; readonly delayMs: number}
	/** The subtask cannot continue in this invocation; `stopAll`: nor can any other. */
	| {readonly kind: 'blocked'; readonly stopAll: boolean};

export type SchedulerOptions = {
	readonly plan: Plan;
	readonly state: RunState;
	/** Concurrent subtasks. */
	readonly limit: number;
	/** Runs the next attempt of a subtask. Rejects only to end the run. */
	readonly run: (subtask: string) => Promise<AttemptOutcome>;
	readonly skip: (subtask: string, reason: string) => void;
	/** Reports subtasks that are ready but have no free slot. */
	readonly announce: (subtasks: readonly string[]) => void;
	readonly sleep: (ms: number) => Promise<void>;
	readonly paused: () => boolean;
	/** Whether to start nothing new; only attempts of an earlier process are finished. */
	readonly draining: () => boolean;
};

export type Scheduler = {
	/** Resolves when nothing more can run in this invocation. */
	readonly done: Promise<void>;
	/** Rechecks what can start, for example after a pause. */
	wake(): void;
	/** To be called when a subtask became final without running (cancelled while waiting). */
	settle(subtask: string): void;
	/** To be called when final subtasks have become pending again. */
	reopen(): void;
};

/**
 * Runs a plan: ready subtasks by upward rank, at most `limit` at a time, dependents as soon as their
 * conditions hold. Starts from the current state, so that resuming equals starting.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
	const {plan, state, limit} = options;
	const order = planOrder(plan);
	let frontier = createFrontier(plan);
	/** Subtasks started by an earlier process. */
	const started = startedIn(state);
	let queue = createReadyQueue(plan, started);
	const queued = new Set<string>();
	/** Subtasks that run, merge, or wait for their next attempt. */
	const active = new Set<string>();
	/** Subtasks that cannot continue in this invocation. */
	const blocked = new Set<string>();
	let running = 0;
	/** Active subtasks without a slot. */
	let pending = 0;
	let stopping = false;
	let over = false;
	const {promise: done, resolve, reject} = Promise.withResolvers<void>();

	const take = (step: FrontierUpdate): readonly string[] => {
		for (const {subtask, reason} of step.skipped) {
			if (!isFinal(statusOf(state, subtask))) {
				options.skip(subtask, reason);
			}
		}

		const fresh = step.ready.filter(
			id => !isFinal(statusOf(state, id)) && !queued.has(id) && !active.has(id) && !blocked.has(id),
		);
		for (const id of fresh) {
			enqueue(id);
		}

		return fresh;
	};

	const enqueue = (id: string) => {
		queued.add(id);
		queue.push(id);
	};

	/** Recomputes what can start from the state. */
	const rebuild = () => {
		frontier = createFrontier(plan);
		queue = createReadyQueue(plan, started);
		queued.clear();
		take(frontier.start());
		// Dependants first: final subtasks stay final, whatever happened to their dependencies.
		for (const id of order.toReversed()) {
			settle(id);
		}
	};

	const settle = (id: string): readonly string[] => {
		const settled = outcomeOf(state.subtasks.get(id));
		return settled ? take(frontier.settle(id, settled)) : [];
	};

	const canStart = (): boolean => {
		const next = queue.peek();
		return next !== undefined && (!options.draining() || started.has(next));
	};

	const pump = () => {
		while (!over && !stopping && !options.paused() && running < limit) {
			const id = canStart() ? queue.pop() : undefined;
			if (id === undefined) {
				break;
			}

			queued.delete(id);
			started.delete(id);
			if (isFinal(statusOf(state, id))) {
				settle(id);
			} else {
				running += 1;
				void execute(id);
			}
		}

		if (running === 0 && pending === 0 && (stopping || !canStart())) {
			over = true;
			resolve();
		}
	};

	const execute = async (id: string) => {
		active.add(id);
		try {
			const outcome = await options.run(id);
			running -= 1;
			await conclude(id, outcome);
			pump();
		} catch (error) {
			stopping = true;
			reject(error);
		}
	};

	const conclude = async (id: string, outcome: AttemptOutcome): Promise<void> => {
		switch (outcome.kind) {
			case 'settled': {
				active.delete(id);
				if (statusOf(state, id) === 'pending') {
					// It was reopened in the meantime.
					rebuild();
					break;
				}

				const fresh = settle(id);
				if (fresh.length > 0 && running + queue.length > limit) {
					options.announce(fresh);
				}

				break;
			}

			case 'merging':
				await conclude(id, await withoutSlot(outcome.merged));
				break;
			case 'retry':
				if (outcome.delayMs > 0) {
					await withoutSlot(options.sleep(outcome.delayMs));
				}

				active.delete(id);
				enqueue(id);
				break;
			case 'blocked':
				active.delete(id);
				blocked.add(id);
				stopping ||= outcome.stopAll;
				break;
		}
	};

	/** Gives up the slot while waiting. */
	const withoutSlot = async <Value>(wait: Promise<Value>): Promise<Value> => {
		pending += 1;
		pump();
		try {
			return await wait;
		} finally {
			pending -= 1;
		}
	};

	rebuild();
	queueMicrotask(pump);
	return {
		done,
		wake: pump,
		settle(subtask) {
			settle(subtask);
			pump();
		},
		reopen() {
			rebuild();
			pump();
		},
	};
}

function startedIn(state: RunState): Set<string> {
	return new Set(
		[...state.subtasks.values()]
			.filter(({status}) => !isFinal(status) && status !== 'pending' && status !== 'ready')
			.map(({id}) => id),
	);
}

function statusOf(state: RunState, id: string): SubtaskState['status'] {
	return state.subtasks.get(id)?.status ?? 'pending';
}

function outcomeOf(subtask: SubtaskState | undefined): SubtaskOutcome | undefined {
	return subtask !== undefined && isFinal(subtask.status)
		? {status: subtask.status, outputs: subtask.outputs}
		: undefined;
}
