import {isFinishing, type RunReport} from '../core/run-report.ts';
import type {RunState, SubtaskStatus} from '../core/run-state.ts';
import type {AgentDelta, Run} from '../core/run.ts';
import {createApprovals} from './approvals.ts';
import {readInbox} from './inbox-reader.ts';
import {obey} from './obey.ts';
import {goThroughPhases, type PhaseOptions, type Work} from './phases.ts';
import type {Recorder} from './recorder.ts';
import {createReport} from './report.ts';
import {endOf, RunEnd} from './stop.ts';

/** A run that this process owns. */
export type OwnedRun = Run & {
	/** Stops it so that it can be resumed: on SIGINT, on SIGTERM, or when nobody listens any more. */
	stop(outcome: 'interrupted' | 'terminated', reason: string): void;
};

export type LaunchOptions = Pick<
	PhaseOptions,
	'recorder' | 'journal' | 'build' | 'settings' | 'resumed'
>;

/** Sets a run going, from wherever its log stands, and gives the handle to it. */
export function launch(options: LaunchOptions): OwnedRun {
	const {recorder, settings} = options;
	const {state} = recorder;
	const ending = new AbortController();
	const watchers = new Set<(delta: AgentDelta) => void>();
	const approvals = createApprovals(recorder, () => state.settings ?? settings, recorder.clock);
	const end = (reason: RunEnd) => {
		ending.abort(reason);
	};

	let work: Work | undefined;
	const orders = {
		recorder,
		approvals,
		cancelRun: () => {
			end(new RunEnd('cancelled', 'cancelled by the person'));
		},
		cancelSubtask(id: string, reason: string) {
			if (work?.driver.cancel(id, reason) !== true) {
				recorder.emit({type: 'subtask-cancelled', subtask: id, reason});
				work?.scheduler.settle(id);
			}
		},
	};

	const done = conduct({
		...options,
		approvals,
		ending,
		orders,
		stream(delta) {
			for (const watcher of watchers) {
				watcher(delta);
			}
		},
		working(started) {
			work = started;
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
			const problem = obey(command, orders);
			work?.scheduler.wake();
			return problem === undefined ? {kind: 'taken'} : {kind: 'refused', reason: problem};
		},
		read: async payload =>
			(await recorder.read(payload)) ?? '[this text is missing from the store]',
		done,
		stop(outcome, reason) {
			end(new RunEnd(outcome, reason));
		},
	};
}

type Conduct = PhaseOptions & {readonly orders: Parameters<typeof obey>[1]};

/** From the first phase to the closing line; never rejects. */
async function conduct(options: Conduct): Promise<RunReport> {
	const {recorder, ending} = options;
	const inbox = readInbox(
		recorder,
		(command, id) => {
			obey(command, options.orders, id);
		},
		ending.signal,
	);
	// What was decided while nobody worked on the run counts before anything is asked again.
	await inbox.settled();
	const end = await goThroughPhases(options).then(
		() => new RunEnd('completed', describeSuccess(recorder.state)),
		endOf,
	);
	if (!ending.signal.aborted) {
		ending.abort(end);
	}

	await inbox.settled();
	return close(recorder, end);
}

function describeSuccess({subtasks, finalChecks, plan, delivery}: RunState): string {
	const statuses = [...subtasks.values()].map(({status}) => status);
	const count = (wanted: SubtaskStatus) => statuses.filter(status => status === wanted).length;
	const [failed, skipped] = [count('failed'), count('skipped')];
	return [
		...(plan?.origin === 'fallback' ? ['the lead gave no valid plan'] : []),
		`${count('completed')} of ${statuses.length} ${statuses.length === 1 ? 'subtask is' : 'subtasks are'} done`,
		...(failed > 0 ? [`${failed} failed and handled`] : []),
		...(skipped > 0 ? [`${skipped} not needed`] : []),
		...(finalChecks.size > 0 ? ['the checks of the whole are green'] : []),
		...(delivery && delivery.mode !== 'apply'
			? [`left beside the directory because ${delivery.reason ?? 'it changed meanwhile'}`]
			: []),
	].join(', ');
}

/** Makes the log durable, then says how the run ended; a log that cannot be written is the end itself. */
async function close(recorder: Recorder, end: RunEnd): Promise<RunReport> {
	const reached = await recorder.barrier().then(() => end, endOf);
	const report = createReport(recorder.state, reached);
	recorder.emit({type: isFinishing(report.outcome) ? 'run-finished' : 'run-stopped', report});
	try {
		await recorder.log.close();
		return report;
	} catch (error) {
		return createReport(recorder.state, endOf(error));
	}
}
