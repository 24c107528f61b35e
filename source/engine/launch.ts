import {toFailure} from '../core/failure.ts';
import {planOutcome} from '../core/outcome.ts';
import {isFinishing, type RunReport} from '../core/run-report.ts';
import type {AgentDelta, Run} from '../core/run.ts';
import type {RunState, SubtaskStatus} from '../core/run-state.ts';
import type {RunSettings, Team} from '../core/settings.ts';
import {StoreError} from '../core/store-error.ts';
import {createApprovals, type Approvals} from './approvals.ts';
import {createBudget} from './budget.ts';
import {createContext, type ContextParts} from './context.ts';
import {deliverChange, verifyWhole} from './deliver.ts';
import {createGates} from './gate.ts';
import {readInbox} from './inbox-reader.ts';
import type {Journal} from './journal.ts';
import {createMergeLane} from './merge-lane.ts';
import {obey} from './obey.ts';
import type {RunParts} from './parts.ts';
import {planUntilApproved} from './planning.ts';
import type {Recorder} from './recorder.ts';
import {createReport} from './report.ts';
import {createScheduler, type Scheduler} from './scheduler.ts';
import {settleIntents} from './settle-intents.ts';
import {outcomeOfFailure, RunEnd} from './stop.ts';
import {createSubtaskDriver, type SubtaskDriver} from './subtask-driver.ts';

/** A run that this process owns. */
export type OwnedRun = Run & {
	/** Stops it so that it can be resumed: on SIGINT, on SIGTERM, or when nobody listens any more. */
	stop(outcome: 'interrupted' | 'terminated', reason: string): void;
};

export type LaunchOptions = {
	readonly recorder: Recorder;
	readonly journal: Journal;
	readonly build: () => Promise<RunParts>;
	readonly settings: RunSettings;
	readonly resumed: boolean;
};

/** What works on the subtasks, once there is a plan. */
type Work = {readonly driver: SubtaskDriver; readonly scheduler: Scheduler};

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

type Conduct = LaunchOptions & {
	readonly approvals: Approvals;
	readonly ending: AbortController;
	readonly orders: Parameters<typeof obey>[1];
	readonly stream: (delta: AgentDelta) => void;
	readonly working: (work: Work) => void;
};

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

async function goThroughPhases(options: Conduct): Promise<void> {
	const {recorder, settings, journal, ending, approvals} = options;
	const {state} = recorder;
	const {signal} = ending;
	const parts = await options.build();
	limitTime(options, parts);
	await prepareWorkspace(recorder, parts);
	signal.throwIfAborted();
	const contextParts: ContextParts = {
		recorder,
		redact: parts.redact,
		approvals,
		budget: createBudget(
			settings.maxTokens,
			() => state.usage.total.total + state.usage.lost,
			(tokens, maxTokens) => {
				recorder.emit({type: 'budget-warned', tokens, maxTokens});
			},
		),
		gates: createGates(),
		journal,
		stream: options.stream,
	};
	const context = createContext(contextParts, {}, 'harness', signal);
	const lane = createMergeLane({
		recorder,
		workspace: parts.workspace,
		sandbox: parts.sandbox,
		clock: parts.clock,
		commandTimeoutMs: settings.commandTimeoutMs,
		context: abort => ({...context, signal: abort}),
	});
	const {team} = state;
	if (!team) {
		throw new RunEnd('failed', 'the log names no team');
	}

	if (options.resumed) {
		const {workspace, sandbox, guardPaths} = parts;
		const settling = {recorder, journal, workspace, sandbox, guardPaths, lane, approvals};
		await settleIntents({...settling, settings, signal});
	}

	await plan(options, contextParts, parts, team);
	await runSubtasks(options, contextParts, parts, team, lane);
	const delivery = {recorder, parts, context, commandTimeoutMs: settings.commandTimeoutMs};
	await verifyWhole(delivery);
	await deliverChange(delivery);
}

async function prepareWorkspace(recorder: Recorder, parts: RunParts): Promise<void> {
	if (recorder.state.workspace) {
		return;
	}

	const [snapshot, survey] = [await parts.workspace.prepare(), await parts.survey()];
	recorder.emit({
		type: 'workspace-prepared',
		...snapshot,
		overview: recorder.keep(survey.overview),
		...(survey.instructions === undefined
			? {}
			: {instructions: recorder.keep(survey.instructions)}),
	});
}

async function plan(
	{settings, ending}: Conduct,
	contextParts: ContextParts,
	parts: RunParts,
	team: Team,
): Promise<void> {
	const {signal} = ending;
	try {
		await planUntilApproved({parts, contextParts, settings, team, signal});
	} catch (error) {
		signal.throwIfAborted();
		const failure = toFailure(error);
		// Whatever the lead's model fails with after all retries: without it there is no plan.
		throw error instanceof RunEnd || failure.kind === 'internal'
			? error
			: new RunEnd(
					outcomeOfFailure(failure.kind) ?? 'no-provider',
					`the lead could not plan: ${failure.message}`,
					failure.hint,
				);
	}
}

async function runSubtasks(
	options: Conduct,
	contextParts: ContextParts,
	parts: RunParts,
	team: Team,
	lane: ReturnType<typeof createMergeLane>,
): Promise<void> {
	const {recorder, settings, ending} = options;
	const {state} = recorder;
	const {signal} = ending;
	const plan = state.plan?.plan;
	if (!plan) {
		throw new RunEnd('failed', 'there is no plan');
	}

	const driver = createSubtaskDriver({
		plan,
		settings,
		teammates: team.teammates,
		parts,
		contextParts,
		lane,
		signal,
	});
	const scheduler = createScheduler({
		plan,
		state,
		limit: Math.min(settings.maxParallel, team.teammates.length),
		run: driver.run,
		skip(subtask, reason) {
			recorder.emit({type: 'subtask-skipped', subtask, reason});
		},
		announce(subtasks) {
			recorder.emit({type: 'subtasks-ready', subtasks: [...subtasks]});
		},
		sleep: async ms => parts.clock.sleep(ms, signal),
		paused: () => state.status === 'paused',
	});
	options.working({driver, scheduler});
	const unsubscribe = recorder.subscribe(event => {
		if (event.type === 'run-unpaused') {
			scheduler.wake();
		}
	});
	try {
		await rejectWhenAborted(scheduler.done, signal);
	} catch (error) {
		ending.abort(endOf(error));
		throw error;
	} finally {
		unsubscribe();
		await driver.idle();
	}

	const [stuck] = driver.stuck;
	if (stuck) {
		throw stuck;
	}

	const outcome = planOutcome(plan, state);
	if (outcome.kind !== 'completed') {
		const reason =
			outcome.kind === 'failed'
				? outcome.reason
				: `nothing can go on, though these are not done: ${outcome.subtasks.join(', ')}`;
		throw new RunEnd('failed', reason);
	}
}

/** `--timeout`: what is left of the active time after earlier invocations. */
function limitTime({recorder, settings, ending}: Conduct, {clock}: RunParts): void {
	const {timeoutMs} = settings;
	if (timeoutMs === null) {
		return;
	}

	const left = Math.max(0, timeoutMs - recorder.state.activeMs);
	clock.sleep(left, ending.signal).then(
		() => {
			const reason = `the run has used its time of ${Math.round(timeoutMs / 1_000)} s`;
			ending.abort(new RunEnd('limit-reached', reason, 'give it a larger --timeout'));
		},
		() => undefined,
	);
}

async function rejectWhenAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
	const {promise, reject} = Promise.withResolvers<never>();
	const abort = () => {
		reject(signal.reason);
	};

	signal.addEventListener('abort', abort, {once: true});
	try {
		signal.throwIfAborted();
		await Promise.race([work, promise]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

function describeSuccess({subtasks, finalChecks}: RunState): string {
	const statuses = [...subtasks.values()].map(({status}) => status);
	const count = (wanted: SubtaskStatus) => statuses.filter(status => status === wanted).length;
	const [failed, skipped] = [count('failed'), count('skipped')];
	return [
		`${count('completed')} of ${statuses.length} subtasks are done`,
		...(failed > 0 ? [`${failed} failed and handled`] : []),
		...(skipped > 0 ? [`${skipped} not needed`] : []),
		...(finalChecks.size > 0 ? ['the checks of the whole are green'] : []),
	].join(', ');
}

/** The end that a thrown value stands for. */
function endOf(error: unknown): RunEnd {
	if (error instanceof RunEnd) {
		return error;
	}

	const failure = toFailure(error);
	if (error instanceof StoreError) {
		return new RunEnd('store-failed', error.message, error.hint);
	}

	return new RunEnd(outcomeOfFailure(failure.kind) ?? 'failed', failure.message, failure.hint);
}

async function close(recorder: Recorder, end: RunEnd): Promise<RunReport> {
	const report = createReport(recorder.state, end.outcome, end.message, end.hint);
	recorder.emit({type: isFinishing(end.outcome) ? 'run-finished' : 'run-stopped', report});
	try {
		await recorder.log.close();
		return report;
	} catch (error) {
		// The closing line did not reach the disk: what the caller is told must not claim that it did.
		const failed = endOf(error);
		return end.outcome === 'store-failed'
			? report
			: createReport(recorder.state, 'store-failed', failed.message, failed.hint);
	}
}
