import {endAwaitingDecision, markAwaitingDecision} from './fold-agent.ts';
import {reopenSubtask} from './fold-subtask.ts';
import {planSchema, type Plan} from './plan.ts';
import type {EventOf, RunEvent} from './run-event.ts';
import type {Payload} from './payload.ts';
import {deniedSummary, openApprovals, requestSummary} from './open-approvals.ts';
import {pendingSubtask, type RunState} from './run-state.ts';

/** Returns the text of a payload. Blobs that the log names must be loaded before folding. */
export type ResolvePayload = (payload: Payload) => string | undefined;

/** Folds planning, approval requests and decisions. False for any other event. */
export function foldPlanEvent(state: RunState, event: RunEvent, resolve: ResolvePayload): boolean {
	switch (event.type) {
		case 'planning-started':
			state.status = 'planning';
			state.planning = event.revision;
			endAwaitingDecision(state);
			break;
		case 'plan-refused':
			break;
		case 'plan-proposed':
			proposePlan(state, event, resolve);
			break;
		case 'plan-judged':
			if (state.plan?.revision === event.revision) {
				state.plan = {...state.plan, verdicts: event.verdicts};
			}

			break;
		case 'revision-requested':
			state.revisionWanted = {by: event.by, reason: event.reason};
			if (state.status === 'awaiting-approval') {
				state.status = 'planning';
			}

			endAwaitingDecision(state);
			break;
		case 'approval-requested':
			requestApproval(state, event);
			break;
		case 'approval-decided':
			decideApproval(state, event);
			break;
		case 'turn-interrupted':
			state.leadInterrupted ||= event.subtask === undefined;
			withdrawApprovals(state, event.agent);
			break;
		default:
			return false;
	}

	return true;
}

function proposePlan(
	state: RunState,
	event: EventOf<'plan-proposed'>,
	resolve: ResolvePayload,
): void {
	endAwaitingDecision(state);
	if (state.status === 'awaiting-approval') {
		state.status = 'planning';
	}

	const plan = readPlan(resolve(event.plan));
	if (plan) {
		state.planning = undefined;
		state.revisionWanted = undefined;
		state.plan = {
			revision: event.revision,
			hash: event.hash,
			plan,
			origin: event.origin,
			verdicts: [],
			approved: false,
		};
	}
}

function readPlan(text: string | undefined): Plan | undefined {
	if (text === undefined) {
		return undefined;
	}

	try {
		return planSchema.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}

function requestApproval(state: RunState, event: EventOf<'approval-requested'>): void {
	const {approval: id, subject, until} = event;
	state.approvals.set(id, {id, subject, until, decision: undefined, withdrawn: false});
	if (subject.kind === 'plan') {
		state.status = 'awaiting-approval';
		markAwaitingDecision(state, requestSummary(subject), until);
		return;
	}

	const subtask = subject.subtask === undefined ? undefined : state.subtasks.get(subject.subtask);
	if (subtask?.status === 'running') {
		state.subtasks.set(subtask.id, {...subtask, status: 'awaiting-approval'});
	}
}

function decideApproval(state: RunState, event: EventOf<'approval-decided'>): void {
	const open = state.approvals.get(event.approval);
	if (!open || open.decision) {
		return;
	}

	const {decision, scope, feedback, origin} = event;
	state.approvals.set(open.id, {...open, decision: {decision, scope, feedback, origin}});
	if (open.subject.kind === 'plan') {
		decidePlan(state, open.subject, event);
		return;
	}

	const id = open.subject.subtask;
	const what = deniedSummary(open.subject);
	resumeSubtask(state, id);
	clearDenial(state, what, id);
	if (decision === 'reject') {
		state.denied.push({
			...(open.subject.kind === 'tool' ? {agent: open.subject.agent} : {}),
			subtask: id,
			what,
			by: origin,
		});
	}
}

/** For a repeated request, only the latest decision counts. */
function clearDenial({denied}: RunState, what: string, subtask: string | undefined): void {
	const before = denied.findIndex(entry => entry.what === what && entry.subtask === subtask);
	if (before !== -1) {
		denied.splice(before, 1);
	}
}

/** Withdraws what an agent requested in an interrupted turn. */
function withdrawApprovals(state: RunState, agent: string): void {
	for (const request of openApprovals(state)) {
		const {subject} = request;
		if (subject.kind === 'tool' && subject.agent === agent) {
			state.approvals.set(request.id, {...request, withdrawn: true});
			resumeSubtask(state, subject.subtask);
		}
	}
}

function resumeSubtask(state: RunState, id: string | undefined): void {
	const subtask = id === undefined ? undefined : state.subtasks.get(id);
	if (subtask?.status === 'awaiting-approval') {
		state.subtasks.set(subtask.id, {...subtask, status: 'running'});
	}
}

function decidePlan(
	state: RunState,
	subject: {readonly revision: number; readonly hash: string},
	event: EventOf<'approval-decided'>,
): void {
	if (state.plan?.hash !== subject.hash || state.plan.revision !== subject.revision) {
		return;
	}

	endAwaitingDecision(state);
	clearDenial(state, revisionLabel(subject), undefined);
	if (event.decision === 'approve') {
		state.plan = {...state.plan, approved: true};
		state.status = 'running';
		applyApprovedPlan(state, state.plan.plan);
		return;
	}

	state.status = 'planning';
	if (event.feedback !== undefined) {
		state.feedback.push(event.feedback);
	}

	if (event.origin === 'nobody' || event.origin === 'deadline') {
		state.denied.push({what: revisionLabel(subject), by: event.origin});
	}
}

function revisionLabel({revision}: {readonly revision: number}): string {
	return `revision ${revision} of the plan`;
}

/**
 * Applies an approved revision: new subtasks become pending, skipped and cancelled ones are
 * reconsidered, and removed ones are deleted unless they were started.
 */
function applyApprovedPlan(state: RunState, {subtasks}: Plan): void {
	const ids = new Set(subtasks.map(({id}) => id));
	for (const {id, attempt} of state.subtasks.values()) {
		if (!ids.has(id) && attempt === 0) {
			state.subtasks.delete(id);
		}
	}

	for (const id of ids) {
		const status = state.subtasks.get(id)?.status;
		if (status === undefined) {
			state.subtasks.set(id, pendingSubtask(id));
		} else if (status === 'skipped' || status === 'cancelled') {
			reopenSubtask(state, id);
		}
	}
}
