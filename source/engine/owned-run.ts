import {missingText} from '../core/payload.ts';
import {handledFailures} from '../core/outcome.ts';
import {isFinishing, type RunReport} from '../core/run-report.ts';
import type {RunState} from '../core/run-state.ts';
import type {SubtaskStatus} from '../core/run-state-entries.ts';
import type {AgentDelta, OwnedRun} from '../core/run.ts';
import {createApprovals} from './approvals.ts';
import {readInbox} from './log/inbox-reader.ts';
import {applyCommand, type ApplyCommandOptions} from './apply-command.ts';
import type {Work} from './schedule/execute-plan.ts';
import {runPhases, type PhaseOptions} from './run-phases.ts';
import type {Recorder} from './log/recorder.ts';
import type {Store} from '../store/store.ts';
import {isVerified} from '../core/verified.ts';
import {createReport} from './report.ts';
import {endOf, RunEnd} from './run-end.ts';
import {createOpenTurns} from './open-turns.ts';

export type LaunchOptions = Pick<PhaseOptions, 'recorder' | 'history' | 'build' | 'resumed'> & {
	readonly store: Store;
	/** Retries what failed, was skipped or was cancelled in the previous invocation. */
	readonly reopen: boolean;
};

/** Runs a run from the current state of its log, and returns its handle. */
export function launch(options: LaunchOptions): OwnedRun {
	const {recorder, store} = options;
	const {state} = recorder;
	const ending = new AbortController();
	const watchers = new Set<(delta: AgentDelta) => void>();
	const approvals = createApprovals(recorder, recorder.clock);
	const end = (reason: RunEnd) => {
		ending.abort(reason);
	};

	const {lost} = recorder.log;
	lost.addEventListener(
		'abort',
		() => {
			end(endOf(lost.reason));
		},
		{once: true, signal: ending.signal},
	);

	let work: Work | undefined;
	let delivering = false;
	const turns = createOpenTurns();
	const commandOptions = {
		recorder,
		approvals,
		turns,
		cancelRun: () => {
			end(new RunEnd('cancelled', 'cancelled by the person'));
		},
		cancelSubtask(id: string, reason: string) {
			if (work?.driver.cancel(id, reason) !== true) {
				recorder.emit({type: 'subtask-cancelled', subtask: id, reason});
				work?.scheduler.settle(id);
			}
		},
		reopen() {
			work?.scheduler.reopen();
		},
		planLockReason: () =>
			delivering || state.delivery !== undefined
				? 'too late: the result is being delivered'
				: undefined,
	};

	const done = runToReport({
		...options,
		approvals,
		turns,
		ending,
		orders: commandOptions,
		stream(delta) {
			for (const watcher of watchers) {
				watcher(delta);
			}
		},
		working(started) {
			work = started;
		},
		delivering() {
			delivering = true;
		},
	});

	return {
		id: recorder.log.run,
		state: () => state,
		subscribe: listener => recorder.subscribe(listener),
		watch(listener) {
			watchers.add(listener);
			return () => watchers.delete(listener);
		},
		async send(command) {
			if (ending.signal.aborted) {
				return {kind: 'refused', reason: 'the run has ended'};
			}

			const problem = applyCommand(command, commandOptions);
			work?.scheduler.wake();
			if (problem !== undefined) {
				return {kind: 'refused', reason: problem};
			}

			await recorder.barrier();
			return {kind: 'taken'};
		},
		transcript: async agent => recorder.log.readTranscript(agent),
		async events(after) {
			// After the log is closed or has failed, nothing more is appended.
			await recorder.barrier().catch(() => undefined);
			return (await store.read(recorder.log.run, after)).events;
		},
		read: async payload => (await recorder.read(payload)) ?? missingText,
		done,
		stop(outcome, reason) {
			end(new RunEnd(outcome, reason));
		},
	};
}

type RunToEndOptions = PhaseOptions &
	Pick<LaunchOptions, 'reopen'> & {readonly orders: ApplyCommandOptions};

/** Runs all phases and logs the report; never rejects. */
async function runToReport(options: RunToEndOptions): Promise<RunReport> {
	const {recorder, ending} = options;
	const inbox = readInbox(
		recorder,
		(command, id) => {
			applyCommand(command, options.orders, id);
		},
		ending.signal,
	);
	// Apply commands that arrived while no process owned the run before anything else.
	await inbox.settled();
	if (options.reopen) {
		reopenLost(recorder);
	}

	const end = await runPhases(options).then(
		() => new RunEnd('completed', describeSuccess(recorder.state)),
		endOf,
	);
	if (!ending.signal.aborted) {
		ending.abort(end);
	}

	await inbox.settled();
	return close(recorder, end);
}

function describeSuccess(state: RunState): string {
	const {subtasks, finalChecks, plan, delivery} = state;
	const statuses = [...subtasks.values()].map(({status}) => status);
	const count = (wanted: SubtaskStatus) => statuses.filter(status => status === wanted).length;
	const [failed, skipped] = [count('failed'), count('skipped')];
	return [
		...(plan?.origin === 'fallback' ? ['the lead returned no valid plan'] : []),
		`${count('completed')} of ${statuses.length} ${statuses.length === 1 ? 'subtask is' : 'subtasks are'} done`,
		...(failed > 0 ? [`${failed} failed but handled`] : []),
		...(skipped > 0 ? [`${skipped} not needed`] : []),
		...(finalChecks.size > 0 ? ['final checks passed'] : []),
		...(isVerified(state) ? [] : ['unverified: nothing was checked']),
		...(delivery && delivery.mode !== 'apply'
			? [`left the directory unchanged because ${delivery.reason ?? 'it changed during the run'}`]
			: []),
	].join(', ');
}

/** Makes the log durable and appends the report; a log that cannot be written becomes the outcome. */
async function close(recorder: Recorder, end: RunEnd): Promise<RunReport> {
	const reached = await recorder.barrier().then(() => end, endOf);
	const {state, clock} = recorder;
	const idle = state.status === 'awaiting-approval' ? 0 : clock.now() - Date.parse(state.changedAt);
	const report = createReport(state, reached, state.activeMs + Math.max(0, idle));
	recorder.emit({type: isFinishing(report.outcome) ? 'run-finished' : 'run-stopped', report});
	try {
		await recorder.log.close();
		return report;
	} catch (error) {
		return createReport(recorder.state, endOf(error));
	}
}

/** Reopens subtasks with unhandled failures and those skipped or cancelled. */
function reopenLost(recorder: Recorder): void {
	const {state} = recorder;
	const handled = state.plan ? handledFailures(state.plan.plan, state) : new Set<string>();
	for (const {id, status} of state.subtasks.values()) {
		const lost = status === 'failed' && !handled.has(id);
		if (lost || status === 'skipped' || status === 'cancelled') {
			recorder.emit({type: 'subtask-reopened', subtask: id, reason: 'the run was resumed'});
		}
	}
}
