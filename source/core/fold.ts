import {foldAgentEvent, countLostCall, markAgentsIdle, markAwaitingDecision} from './fold-agent.ts';
import {foldDeliveryEvent} from './fold-delivery.ts';
import {foldPlanEvent, type ResolvePayload} from './fold-plan.ts';
import {foldSubtaskEvent} from './fold-subtask.ts';
import type {EventOf, RunEvent} from './run-event.ts';
import {openApprovals, requestSummary} from './open-approvals.ts';
import {withSeparateHint} from './run-report.ts';
import type {RunState} from './run-state.ts';

export type {ResolvePayload};

const inlineOnly: ResolvePayload = payload => (typeof payload === 'string' ? payload : undefined);

/**
 * Applies one event to the state in place and returns it. Deterministic: the same events give the
 * same state. `resolve` is only used for the plan.
 */
export function applyEvent(
	state: RunState,
	event: RunEvent,
	resolve: ResolvePayload = inlineOnly,
): RunState {
	state.seq = event.seq;
	state.epoch = event.epoch;
	countActiveTime(state, event);
	state.changedAt = event.time;
	if ('inbox' in event && event.inbox !== undefined) {
		state.inboxSeen.add(event.inbox);
	}

	switch (event.type) {
		case 'run-started':
			state.run = event.run;
			state.startedAt = event.time;
			state.task = event.task;
			state.directory = event.directory;
			state.team = event.team;
			state.settings = event.settings;
			state.startedWith = event.settings;
			break;
		case 'run-resumed':
			resumeRun(state, event);
			break;
		case 'run-paused':
			state.status = 'paused';
			break;
		case 'run-unpaused':
			state.status = statusOfWork(state);
			break;
		case 'run-finished':
		case 'run-stopped':
			endRun(state, event);
			break;
		case 'workspace-prepared':
			state.workspace = {
				kind: event.kind,
				base: event.base,
				files: event.files,
				overview: event.overview,
				instructions: event.instructions,
			};
			state.head = event.base;
			break;
		case 'inbox-refused':
			state.inboxSeen.add(event.file);
			break;
		case 'budget-changed':
			changeBudget(state, event);
			break;
		case 'budget-warned':
			break;
		default:
			foldWork(state, event, resolve);
	}

	return state;
}

/** Exactly one of these folds handles the event. */
function foldWork(state: RunState, event: RunEvent, resolve: ResolvePayload): boolean {
	return (
		foldPlanEvent(state, event, resolve) ||
		foldSubtaskEvent(state, event) ||
		foldDeliveryEvent(state, event) ||
		foldAgentEvent(state, event)
	);
}

/**
 * Active time is the time between two events of one invocation, except while a plan awaits a
 * decision. A clock that was set back counts as zero.
 */
function countActiveTime(state: RunState, event: RunEvent): void {
	const waited = state.status === 'awaiting-approval' || event.type === 'run-resumed';
	if (state.changedAt !== '' && !waited && state.report === undefined) {
		state.activeMs += Math.max(0, Date.parse(event.time) - Date.parse(state.changedAt));
	}
}

function changeBudget(state: RunState, {maxTokens, maxUsd}: EventOf<'budget-changed'>): void {
	const {settings} = state;
	state.settings = settings && {
		...settings,
		maxTokens,
		maxUsd: maxUsd === undefined ? settings.maxUsd : maxUsd,
	};
}

function resumeRun(state: RunState, event: EventOf<'run-resumed'>): void {
	state.settings = event.settings;
	state.team = event.team ?? state.team;
	state.report = undefined;
	state.endedAt = undefined;
	state.cancelRequested = false;
	for (const call of state.openCalls.keys()) {
		countLostCall(state, call);
	}

	state.openCalls.clear();
	for (const {name, passed} of state.finalChecks.values()) {
		if (passed !== true) {
			state.finalChecks.delete(name);
		}
	}

	markAgentsIdle(state);
	state.status = statusOfWork(state);
	const [open] = openApprovals(state);
	if (state.status === 'awaiting-approval' && open) {
		markAwaitingDecision(state, requestSummary(open.subject), open.until);
	}
}

function endRun(state: RunState, event: EventOf<'run-finished' | 'run-stopped'>): void {
	const {outcome} = event.report;
	state.report = withSeparateHint(event.report);
	state.endedAt = event.time;
	markAgentsIdle(state);
	state.status =
		outcome === 'completed' ||
		outcome === 'failed' ||
		outcome === 'rejected' ||
		outcome === 'cancelled'
			? outcome
			: 'stopped';
}

function statusOfWork(state: RunState): RunState['status'] {
	const {plan} = state;
	if (plan?.approved === true) {
		return 'running';
	}

	const waits = openApprovals(state).some(({subject}) => subject.kind === 'plan');
	return waits ? 'awaiting-approval' : 'planning';
}
