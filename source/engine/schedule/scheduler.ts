import type {SubtaskOutcome} from '../../core/condition.ts';
import {createFrontier, type FrontierUpdate} from '../../core/frontier.ts';
import {planOrder} from '../../core/plan-order.ts';
import type {Plan} from '../../core/plan.ts';
import {isFinal, type RunState} from '../../core/run-state.ts';
import type {SubtaskState} from '../../core/run-state-entries.ts';
import {createReadyQueue} from './ready-queue.ts';

/** What became of a subtask for now. */
export type AttemptOutcome =
	/** It is final: the state says how. */
	| {readonly kind: 'settled'}
	/** The teammate is free; what becomes of its change is decided by others (the merge lane). */
	| {readonly kind: 'merging'; readonly merged: Promise<AttemptOutcome>}
	/** It waits for its next attempt. */
	| {readonly kind: 'retry'; readonly delayMs: number}
	/** It cannot go on in this invocation; `stopAll`: nor can any other. */
	| {readonly kind: 'blocked'; readonly stopAll: boolean};

export type SchedulerOptions = {
	readonly plan: Plan;
	readonly state: RunState;
	/** Subtasks at once. */
	readonly limit: number;
	/** Runs the next attempt of a subtask, and all that follows from it. Rejects only to end the run. */
	readonly run: (subtask: string) => Promise<AttemptOutcome>;
	readonly skip: (subtask: string, reason: string) => void;
	/** Tells which subtasks could start if there were a place for them. */
	readonly announce: (subtasks: readonly string[]) => void;
	readonly sleep: (ms: number) => Promise<void>;
	readonly paused: () => boolean;
	/** Whether nothing new may start: only what an earlier process began is taken to its end. */
	readonly draining: () => boolean;
};

export type Scheduler = {
	/** Resolves when nothing more can be done in this invocation. */
	readonly done: Promise<void>;
	/** Looks again: after a pause, or when a subtask was settled from outside. */
	wake(): void;
	/** Takes a subtask that became final without running (cancelled while it waited) into account. */
	settle(subtask: string): void;
	/** Takes into account that subtasks which were final are pending again. */
	reopen(): void;
};

/**
 * Runs a plan: ready subtasks by upward rank, at most `limit` at once, dependants as soon as their
 * conditions hold. Starts from wherever the state stands, so that resuming is the same as starting.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
	const {plan, state, limit} = options;
	const order = planOrder(plan);
	let frontier = createFrontier(plan);
	/** Subtasks that an earlier process began. */
	const started = startedIn(state);
	let queue = createReadyQueue(plan, started);
	const queued = new Set<string>();
	/** Subtasks that run, merge, or wait for their next attempt. */
	const active = new Set<string>();
	/** Subtasks that cannot go on in this invocation. */
	const blocked = new Set<string>();
	let running = 0;
	/** Active subtasks that hold no place. */
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

	/** Works out from the state alone what may start. */
	const rebuild = () => {
		frontier = createFrontier(plan);
		queue = createReadyQueue(plan, started);
		queued.clear();
		take(frontier.start());
		// Dependants first: what is final stays so, whatever has become of what it depended on.
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
					// It was opened again before its end was through.
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

	/** Waits while others use the place. */
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
