import type {ApprovalSubject} from './approval.ts';
import {foldAgentEvent, restAgents} from './fold-agent.ts';
import {foldSubtaskEvent} from './fold-subtask.ts';
import {planSchema, type Plan} from './plan.ts';
import type {EventOf, Payload, RunEvent} from './run-event.ts';
import {openApprovals, pendingSubtask, wishOf, type RunState} from './run-state.ts';

/** Gives the text of a payload; blobs that the log names must be at hand when it is folded. */
export type ResolvePayload = (payload: Payload) => string | undefined;

const inPlace: ResolvePayload = payload => (typeof payload === 'string' ? payload : undefined);

/**
 * Takes one event into the state, which it changes and returns. Deterministic: the same events give
 * the same state, one by one or all at once. Only the plan is read out of payloads (`resolve`).
 */
export function applyEvent(
	state: RunState,
	event: RunEvent,
	resolve: ResolvePayload = inPlace,
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
		case 'planning-started':
			state.status = 'planning';
			break;
		case 'plan-proposed':
			proposePlan(state, event, resolve);
			break;
		case 'plan-judged':
			if (state.plan?.revision === event.revision) {
				state.plan = {...state.plan, verdicts: event.verdicts};
			}

			break;
		case 'approval-requested':
			requestApproval(state, event);
			break;
		case 'approval-decided':
			decideApproval(state, event);
			break;
		case 'delivery-started':
			state.delivery = {
				mode: event.mode,
				head: event.head,
				paths: event.paths,
				reason: event.reason,
				done: false,
				files: [],
				target: undefined,
				undone: false,
			};
			break;
		case 'delivery-finished':
			if (state.delivery) {
				state.delivery = {
					...state.delivery,
					mode: event.mode,
					done: true,
					files: event.files,
					target: event.target,
				};
			}

			break;
		case 'undo-finished':
			if (state.delivery) {
				state.delivery = {...state.delivery, undone: event.kept.length === 0};
			}

			break;
		case 'inbox-refused':
			state.inboxSeen.add(event.file);
			break;
		case 'plan-refused':
		case 'undo-started':
		case 'budget-warned':
			break;
		default:
			if (!foldSubtaskEvent(state, event)) {
				foldAgentEvent(state, event);
			}
	}

	return state;
}

/**
 * Active is what lies between two events of one invocation, but for a plan that waits for a person; a
 * clock set back counts as nothing.
 */
function countActiveTime(state: RunState, event: RunEvent): void {
	const waited = state.status === 'awaiting-approval' || event.type === 'run-resumed';
	if (state.changedAt !== '' && !waited && state.report === undefined) {
		state.activeMs += Math.max(0, Date.parse(event.time) - Date.parse(state.changedAt));
	}
}

function resumeRun(state: RunState, event: EventOf<'run-resumed'>): void {
	state.settings = event.settings;
	state.report = undefined;
	state.cancelRequested = false;
	for (const reserved of state.openCalls.values()) {
		state.usage.lost += reserved;
	}

	state.openCalls.clear();
	for (const {name, passed} of state.finalChecks.values()) {
		if (passed !== true) {
			state.finalChecks.delete(name);
		}
	}

	restAgents(state);
	state.status = statusOfWork(state);
}

function endRun(state: RunState, event: EventOf<'run-finished' | 'run-stopped'>): void {
	const {outcome} = event.report;
	state.report = event.report;
	restAgents(state);
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

	const waits = openApprovals(state).some(
		({subject}) =>
			subject.kind === 'plan' && subject.revision === plan?.revision && subject.hash === plan.hash,
	);
	return waits ? 'awaiting-approval' : 'planning';
}

function proposePlan(
	state: RunState,
	event: EventOf<'plan-proposed'>,
	resolve: ResolvePayload,
): void {
	const plan = readPlan(resolve(event.plan));
	if (plan) {
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
	state.approvals.set(id, {id, subject, until, decision: undefined});
	if (subject.kind === 'plan') {
		state.status = 'awaiting-approval';
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
	const subtask = id === undefined ? undefined : state.subtasks.get(id);
	if (subtask?.status === 'awaiting-approval') {
		state.subtasks.set(subtask.id, {...subtask, status: 'running'});
	}

	if (decision === 'reject') {
		state.denied.push({
			...(open.subject.kind === 'tool' ? {agent: open.subject.agent} : {}),
			subtask: id,
			what: deniedWish(open.subject),
			by: origin,
		});
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

	if (event.decision === 'approve') {
		state.plan = {...state.plan, approved: true};
		state.status = 'running';
		for (const {id} of state.plan.plan.subtasks) {
			if (!state.subtasks.has(id)) {
				state.subtasks.set(id, pendingSubtask(id));
			}
		}
	} else {
		state.status = 'planning';
		if (event.feedback !== undefined) {
			state.feedback.push(event.feedback);
		}

		if (event.origin === 'nobody' || event.origin === 'deadline') {
			state.denied.push({what: `plan revision ${subject.revision}`, by: event.origin});
		}
	}
}

function deniedWish(subject: ApprovalSubject): string {
	return subject.kind === 'tool' && !subject.detail.includes('\n')
		? subject.detail
		: wishOf(subject);
}
