import {toFailure} from '../core/failure.ts';
import {planOutcome} from '../core/outcome.ts';
import {spentTokens, spentUsd, type RunState} from '../core/run-state.ts';
import type {AgentDelta} from '../core/run.ts';
import type {Team} from '../core/settings.ts';
import type {Approvals} from './approvals.ts';
import {createBudget, type Budget} from './model/budget.ts';
import {executePlan, type Work} from './schedule/execute-plan.ts';
import type {CheckSession} from './run-checks.ts';
import type {ContextParts} from './attempt/local-context.ts';
import {bindScope, type SessionKey} from './attempt/session-event.ts';
import {deliverChange} from './deliver.ts';
import {runFinalChecks} from './run-final-checks.ts';
import {requestRevision} from './lead-messages.ts';
import {createEndpoints} from './model/endpoints.ts';
import type {History} from './log/history.ts';
import {createMergeLane} from './schedule/merge-lane.ts';
import type {RunParts} from './run-parts.ts';
import {needsApprovedPlan, planUntilApproved} from './planning.ts';
import type {Recorder} from './log/recorder.ts';
import {settleIntents} from './settle-intents.ts';
import {outcomeOfFailure, RunEnd} from './run-end.ts';
import type {OpenTurns} from './open-turns.ts';
import {waitForState} from './wait-for-state.ts';

export type PhaseOptions = {
	readonly recorder: Recorder;
	readonly history: History;
	readonly build: () => Promise<RunParts>;
	readonly resumed: boolean;
	readonly approvals: Approvals;
	readonly turns: OpenTurns;
	/** Ends the run when aborted; the reason is a `RunEnd`. */
	readonly ending: AbortController;
	readonly stream: (delta: AgentDelta) => void;
	readonly working: (work: Work) => void;
	/** Called before delivery, when the plan can no longer be changed. */
	readonly delivering: () => void;
};

/**
 * Takes a run from the current state of its log to the delivered change: snapshot, open intents, plan,
 * subtasks, final checks, delivery. Rejects with whatever ended the run early.
 */
export async function runPhases(options: PhaseOptions): Promise<void> {
	const {recorder, history, ending, approvals} = options;
	const {state} = recorder;
	const {signal} = ending;
	const parts = await options.build();
	void limitTime(options, parts).catch(() => undefined);
	await prepareWorkspace(recorder, parts);
	signal.throwIfAborted();
	const contextParts: ContextParts = {
		recorder,
		approvals,
		budget: createRunBudget(recorder),
		endpoints: createEndpoints(parts.clock),
		history,
		turns: options.turns,
		stream: options.stream,
	};
	const checkSession = (key: SessionKey, abort: AbortSignal): CheckSession => ({
		emit: bindScope(recorder.emit, key),
		barrier: recorder.barrier,
		keep: recorder.keep,
		redact: parts.redact,
		signal: abort,
	});
	const lane = createMergeLane({
		recorder,
		workspace: parts.workspace,
		sandbox: parts.sandbox,
		clock: parts.clock,
		checkSession,
	});
	const {team} = state;
	if (!team) {
		throw new RunEnd('failed', 'the log names no team');
	}

	if (options.resumed) {
		const {workspace, sandbox, guardPaths} = parts;
		const settling = {recorder, history, workspace, sandbox, guardPaths, lane, approvals};
		await settleIntents({...settling, signal});
	}

	const delivery = {recorder, parts, checkSession: checkSession({}, signal)};
	requestRevision(recorder);
	for (;;) {
		if (state.plan?.approved === true) {
			await executePlan({...options, contextParts, parts, team, lane});
		}

		if (needsApprovedPlan(state)) {
			await untilUnpaused(recorder, team.lead.name, signal);
			await plan(options, contextParts, parts, team);
			signal.throwIfAborted();
			continue;
		}

		const red = await runFinalChecks(delivery);
		signal.throwIfAborted();
		if (needsApprovedPlan(state) || hasOpenSubtasks(state)) {
			continue;
		}

		if (red) {
			throw red;
		}

		break;
	}

	options.delivering();
	await deliverChange(delivery);
}

async function untilUnpaused(recorder: Recorder, lead: string, signal: AbortSignal): Promise<void> {
	const {state} = recorder;
	if (state.status === 'paused') {
		recorder.emit({type: 'agent-waiting', agent: lead, for: 'paused'});
		await waitForState(recorder, () => (state.status === 'paused' ? undefined : true), signal);
		recorder.emit({type: 'agent-resumed', agent: lead});
	}
}

/** Whether subtasks were reopened during the final checks. */
function hasOpenSubtasks(state: RunState): boolean {
	return state.plan !== undefined && planOutcome(state.plan.plan, state).kind === 'open';
}

/** The budget, with the current limits of the run. */
function createRunBudget(recorder: Recorder): Budget {
	const {state} = recorder;
	const budget = createBudget(
		recorder.settings,
		() => ({tokens: spentTokens(state), usd: spentUsd(state)}),
		({tokens, usd}, {maxTokens, maxUsd}) => {
			recorder.emit({type: 'budget-warned', tokens, maxTokens, usd, maxUsd});
		},
	);
	recorder.subscribe(({type}) => {
		if (type === 'budget-changed') {
			budget.changed();
		}
	});
	return budget;
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
	{ending}: PhaseOptions,
	contextParts: ContextParts,
	parts: RunParts,
	team: Team,
): Promise<void> {
	const {signal} = ending;
	try {
		await planUntilApproved({parts, contextParts, team, signal});
	} catch (error) {
		signal.throwIfAborted();
		const failure = toFailure(error);
		// Any failure of the lead's model ends the run: without the lead there is no plan.
		throw error instanceof RunEnd || failure.kind === 'internal'
			? error
			: new RunEnd(
					outcomeOfFailure(failure) ?? 'no-provider',
					`the lead could not plan: ${failure.message}`,
					failure.hint,
				);
	}
}

/** Enforces `--timeout`: active time over all invocations, without waiting for plan approval. */
async function limitTime({recorder, ending}: PhaseOptions, {clock}: RunParts): Promise<void> {
	const {timeoutMs} = recorder.settings();
	const {state} = recorder;
	const {signal} = ending;
	if (timeoutMs === null) {
		return;
	}

	for (;;) {
		await waitForState(
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

	const reason = `the run reached its time limit of ${Math.round(timeoutMs / 1_000)} s`;
	ending.abort(
		new RunEnd('limit-reached', reason, `--timeout ${Math.ceil((2 * timeoutMs) / 1_000)}s`),
	);
}
