import type {ApprovalSubject} from './approval.ts';
import {isFinal, type ApprovalState, type RunState} from './run-state.ts';

/** The requests that somebody waits for, oldest first. */
export function openApprovals(state: RunState): readonly ApprovalState[] {
	return [...state.approvals.values()].filter(
		request => request.decision === undefined && isAwaited(request, state),
	);
}

/** Whether a decision on a request could still change anything: its plan or attempt is the current one. */
export function isAwaited(
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

/** What a request is about, in one line: a command whole, a change by its summary. */
export function wishOf(subject: ApprovalSubject): string {
	switch (subject.kind) {
		case 'plan':
			return `revision ${subject.revision} of the plan`;
		case 'tool':
			return subject.detail.includes('\n') ? subject.summary : `${subject.tool}: ${subject.detail}`;
		case 'interrupted-command':
			return subject.command;
	}
}
