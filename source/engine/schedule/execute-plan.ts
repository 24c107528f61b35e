import {planOutcome} from '../../core/outcome.ts';
import type {Plan} from '../../core/plan.ts';
import {isFinal} from '../../core/run-state.ts';
import type {Team} from '../../core/settings.ts';
import {abortable} from '../../core/abortable.ts';
import type {ContextParts} from '../attempt/local-context.ts';
import type {MergeLane} from './merge-lane.ts';
import type {RunParts} from '../run-parts.ts';
import type {Recorder} from '../log/recorder.ts';
import {createScheduler, type Scheduler} from './scheduler.ts';
import {endOf, RunEnd} from '../run-end.ts';
import {createSubtaskDriver, type SubtaskDriver} from './subtask-driver.ts';

export type Work = {readonly driver: SubtaskDriver; readonly scheduler: Scheduler};

export type ExecutePlanOptions = {
	readonly recorder: Recorder;
	readonly team: Team;
	readonly parts: RunParts;
	readonly contextParts: ContextParts;
	readonly lane: MergeLane;
	/** Ends the run when aborted; the reason is a `RunEnd`. */
	readonly ending: AbortController;
	readonly working: (work: Work) => void;
};

/**
 * Runs the subtasks of the approved plan until all are done, or, if another revision is requested, until
 * the running ones have ended. Throws `RunEnd` if the plan failed.
 */
export async function executePlan(options: ExecutePlanOptions): Promise<void> {
	const {recorder} = options;
	const {state} = recorder;
	const plan = state.plan?.plan;
	if (!plan) {
		throw new RunEnd('failed', 'there is no plan');
	}

	cancelLeftOut(plan, recorder);
	for (;;) {
		const before = state.seq;
		await workOn(plan, options);
		const outcome = planOutcome(plan, state);
		if (outcome.kind === 'completed' || state.revisionWanted) {
			return;
		}

		if (outcome.kind === 'failed') {
			throw new RunEnd('failed', outcome.reason, outcome.hint);
		}

		// Continues only if subtasks were reopened at the end.
		const reopened = outcome.subtasks.some(id => state.subtasks.get(id)?.status === 'pending');
		if (!reopened || state.seq === before) {
			const ids = outcome.subtasks.join(', ');
			throw new RunEnd('failed', `nothing can run, but these are not done: ${ids}`);
		}
	}
}

/** Cancels subtasks that are no longer in the plan. */
function cancelLeftOut(plan: Plan, recorder: Recorder): void {
	const ids = new Set(plan.subtasks.map(({id}) => id));
	for (const {id, status} of recorder.state.subtasks.values()) {
		if (!ids.has(id) && !isFinal(status)) {
			const reason = `revision ${recorder.state.plan?.revision ?? 0} of the plan leaves it out`;
			recorder.emit({type: 'subtask-cancelled', subtask: id, reason});
		}
	}
}

async function workOn(plan: Plan, options: ExecutePlanOptions): Promise<void> {
	const {recorder, ending, parts, contextParts, lane, team} = options;
	const {state} = recorder;
	const {signal} = ending;
	/** Ends delays before retries when another revision is requested. */
	const drained = new AbortController();
	const driver = createSubtaskDriver({
		plan,
		teammates: team.teammates,
		parts,
		contextParts,
		lane,
		signal,
	});
	const scheduler = createScheduler({
		plan,
		state,
		limit: Math.min(recorder.settings().maxParallel, team.teammates.length),
		run: driver.run,
		skip(subtask, reason) {
			recorder.emit({type: 'subtask-skipped', subtask, reason});
		},
		announce(subtasks) {
			recorder.emit({type: 'subtasks-ready', subtasks: [...subtasks]});
		},
		async sleep(ms) {
			await parts.clock.sleep(ms, AbortSignal.any([signal, drained.signal])).catch(() => {
				signal.throwIfAborted();
			});
		},
		draining: () => state.revisionWanted !== undefined,
		paused: () => state.status === 'paused',
	});
	options.working({driver, scheduler});
	const unsubscribe = recorder.subscribe(({type}) => {
		if (type === 'revision-requested') {
			drained.abort();
			scheduler.wake();
		} else if (type === 'run-unpaused') {
			scheduler.wake();
		}
	});
	try {
		await abortable(scheduler.done, signal);
	} catch (error) {
		ending.abort(endOf(error));
		throw error;
	} finally {
		unsubscribe();
		await driver.idle();
	}

	const [stuck] = driver.stopReasons;
	if (stuck) {
		throw stuck;
	}
}
