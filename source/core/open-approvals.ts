import {z} from 'zod';
import type {ApprovalSubject} from './approval.ts';
import {isFinal, type RunState} from './run-state.ts';
import type {ApprovalState} from './run-state-entries.ts';

/** Approvals that still need a decision, oldest first. */
export function openApprovals(state: RunState): readonly ApprovalState[] {
	return [...state.approvals.values()].filter(
		request => request.decision === undefined && isOpenApproval(request, state),
	);
}

export const openRequestSchema = z
	.object({
		id: z.string(),
		what: z.string().describe('The request in one line.'),
		approve: z.string().describe('The command that approves it; `reject` works the same way.'),
	})
	.meta({id: 'OpenRequest', description: 'A request that waits for a decision.'});

/** An open approval, for scripts. */
export function openRequest(
	run: string,
	{id, subject}: ApprovalState,
): z.infer<typeof openRequestSchema> {
	return {id, what: requestSummary(subject), approve: `llm-orchestrator approve ${run} ${id}`};
}

/** Whether a decision still has an effect: the plan or attempt of the request is current. */
export function isOpenApproval(
	{subject, withdrawn}: ApprovalState,
	{plan, revisionWanted, subtasks}: RunState,
): boolean {
	if (withdrawn) {
		return false;
	}

	switch (subject.kind) {
		case 'plan':
			return (
				plan?.hash === subject.hash &&
				plan.revision === subject.revision &&
				!plan.approved &&
				revisionWanted === undefined
			);
		case 'tool':
		case 'interrupted-command': {
			const subtask = subject.subtask === undefined ? undefined : subtasks.get(subject.subtask);
			return (
				subtask === undefined ||
				(!isFinal(subtask.status) && subtask.attempt === (subject.attempt ?? subtask.attempt))
			);
		}
	}
}

/** The request in one line: a command in full, a change by its summary. */
export function requestSummary(subject: ApprovalSubject): string {
	switch (subject.kind) {
		case 'plan':
			return `revision ${subject.revision} of the plan`;
		case 'tool':
			return subject.detail.includes('\n') ? subject.summary : `${subject.tool}: ${subject.detail}`;
		case 'interrupted-command':
			return subject.command;
	}
}

/** The denied request in one line: a command as typed. */
export function deniedSummary(subject: ApprovalSubject): string {
	return subject.kind === 'tool' && !subject.detail.includes('\n')
		? subject.detail
		: requestSummary(subject);
}

/** A decision in words: `approved by you`. */
export function decisionText({
	decision,
	origin,
}: {
	readonly decision: 'approve' | 'reject';
	readonly origin: string;
}): string {
	return `${decision === 'approve' ? 'approved' : 'rejected'} by ${decider(origin)}`;
}

function decider(origin: string): string {
	switch (origin) {
		case 'person':
			return 'you';
		case 'criteria':
			return 'the criteria';
		case 'all':
			return '--approve all';
		case 'nobody':
			return 'default: no one could be asked';
		default:
			return 'default: the decision timed out';
	}
}
