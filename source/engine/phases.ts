import {toFailure} from '../core/failure.ts';
import {planOutcome} from '../core/outcome.ts';
import {untilAborted} from '../core/until-aborted.ts';
import type {AgentDelta} from '../core/run.ts';
import type {RunSettings, Team} from '../core/settings.ts';
import type {Approvals} from './approvals.ts';
import {createBudget} from './budget.ts';
import {createContext, type ContextParts} from './context.ts';
import {deliverChange, verifyWhole} from './deliver.ts';
import {createGates} from './gate.ts';
import type {Journal} from './journal.ts';
import {createMergeLane, type MergeLane} from './merge-lane.ts';
import type {RunParts} from './parts.ts';
import {planUntilApproved} from './planning.ts';
import type {Recorder} from './recorder.ts';
import {createScheduler, type Scheduler} from './scheduler.ts';
import {settleIntents} from './settle-intents.ts';
import {endOf, outcomeOfFailure, RunEnd} from './stop.ts';
import {createSubtaskDriver, type SubtaskDriver} from './subtask-driver.ts';
import {waitFor} from './wait-for.ts';

/** What works on the subtasks, once there is a plan. */
export type Work = {readonly driver: SubtaskDriver; readonly scheduler: Scheduler};

export type PhaseOptions = {
	readonly recorder: Recorder;
	readonly journal: Journal;
	readonly build: () => Promise<RunParts>;
	readonly settings: RunSettings;
	readonly resumed: boolean;
	readonly approvals: Approvals;
	/** Ends the run when aborted; the reason is a `RunEnd`. */
	readonly ending: AbortController;
	readonly stream: (delta: AgentDelta) => void;
	readonly working: (work: Work) => void;
};

/**
 * Takes a run from wherever its log stands to the delivered change: snapshot, open intents, plan,
 * subtasks, checks of the whole, delivery. Rejects with what ended it before.
 */
export async function goThroughPhases(options: PhaseOptions): Promise<void> {
	const {recorder, settings, journal, ending, approvals} = options;
	const {state} = recorder;
	const {signal} = ending;
	const parts = await options.build();
	void limitTime(options, parts).catch(() => undefined);
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
		reached: new Set(),
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
	signal.throwIfAborted();
	await runSubtasks(options, contextParts, parts, team, lane);
	const delivery = {recorder, parts, context, commandTimeoutMs: settings.commandTimeoutMs};
	await verifyWhole(delivery);
	signal.throwIfAborted();
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
	{settings, ending}: PhaseOptions,
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
					outcomeOfFailure(failure) ?? 'no-provider',
					`the lead could not plan: ${failure.message}`,
					failure.hint,
				);
	}
}

async function runSubtasks(
	options: PhaseOptions,
	contextParts: ContextParts,
	parts: RunParts,
	team: Team,
	lane: MergeLane,
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
		await untilAborted(scheduler.done, signal);
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

/** `--timeout`: active time over all invocations; what a plan waits for a person does not count. */
async function limitTime(
	{recorder, settings, ending}: PhaseOptions,
	{clock}: RunParts,
): Promise<void> {
	const {timeoutMs} = settings;
	const {state} = recorder;
	const {signal} = ending;
	if (timeoutMs === null) {
		return;
	}

	for (;;) {
		await waitFor(
			recorder,
			() => (state.status === 'awaiting-approval' ? undefined : true),
			signal,
		);
		const since = clock.now() - Date.parse(state.changedAt);
		const left = timeoutMs - state.activeMs - since;
		if (left <= 0) {
			break;
		}

		await clock.sleep(left, signal);
	}

	const reason = `the run has used its time of ${Math.round(timeoutMs / 1_000)} s`;
	ending.abort(
		new RunEnd('limit-reached', reason, `--timeout ${Math.ceil((2 * timeoutMs) / 1_000)}s`),
	);
}
