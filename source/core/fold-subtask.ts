import {endVerification, markAgentsIdle, markPreparing, markVerifying} from './fold-agent.ts';
import type {EventOf, RunEvent} from './run-event.ts';
import {isFinal, pendingSubtask, type RunState} from './run-state.ts';
import type {CheckState, SubtaskState} from './run-state-entries.ts';

/** Folds events of subtasks, attempts, checks and merges. False for any other event. */
export function foldSubtaskEvent(state: RunState, event: RunEvent): boolean {
	switch (event.type) {
		case 'subtasks-ready':
			for (const id of event.subtasks) {
				updateSubtask(state, id, {status: 'ready'});
			}

			break;
		case 'subtask-started':
			markPreparing(state, event);
			updateSubtask(state, event.subtask, {
				status: 'running',
				attempt: event.attempt,
				agent: event.agent,
				base: event.base,
				startedAt: state.subtasks.get(event.subtask)?.startedAt ?? event.time,
				startedActiveMs: state.subtasks.get(event.subtask)?.startedActiveMs ?? state.activeMs,
				dependencies: event.dependencies,
				startsOver: false,
				checks: [],
				finished: undefined,
				merge: undefined,
			});
			break;
		case 'attempt-restarted':
			updateSubtask(state, event.subtask, {
				status: 'ready',
				startsOver: true,
				checks: [],
				finished: undefined,
				merge: undefined,
			});
			markAgentsIdle(state, event.subtask);
			break;
		case 'attempt-finished':
			updateSubtask(state, event.subtask, {
				status: 'merging',
				summary: event.summary,
				outputs: event.outputs,
				finished: {attempt: event.attempt, change: event.change, merged: false},
			});
			markAgentsIdle(state, event.subtask);
			break;
		case 'attempt-failed':
			failAttempt(state, event);
			break;
		case 'check-started':
			startCheck(state, event);
			break;
		case 'check-finished':
			finishCheck(state, event);
			break;
		case 'verification-finished':
			updateSubtask(state, event.subtask, {status: 'running'});
			endVerification(state, event);
			break;
		case 'merge-started':
			updateSubtask(state, event.subtask, {merge: {from: event.from, to: event.to}});
			break;
		case 'merge-finished':
			finishMerge(state, event);
			break;
		case 'merge-refused':
			updateSubtask(state, event.subtask, {merge: undefined, finished: undefined});
			break;
		case 'subtask-completed':
			updateSubtask(state, event.subtask, {
				status: 'completed',
				summary: event.summary,
				outputs: event.outputs,
				failure: undefined,
			});
			markAgentsIdle(state, event.subtask);
			break;
		case 'subtask-failed':
			updateSubtask(state, event.subtask, {status: 'failed', failure: event.failure});
			markAgentsIdle(state, event.subtask);
			break;
		case 'subtask-skipped':
			updateSubtask(state, event.subtask, {status: 'skipped', reason: event.reason});
			break;
		case 'subtask-cancelled':
			updateSubtask(state, event.subtask, {status: 'cancelled', reason: event.reason});
			markAgentsIdle(state, event.subtask);
			break;
		case 'subtask-reopened':
			reopenSubtask(state, event.subtask);
			break;
		case 'cancel-requested':
			state.cancelRequested ||= event.subtask === undefined;
			break;
		default:
			return false;
	}

	return true;
}

/** Makes a subtask pending again. Attempt numbers are never reused, and its usage is kept. */
export function reopenSubtask(state: RunState, id: string): void {
	const before = state.subtasks.get(id) ?? pendingSubtask(id);
	const {attempt, startedAt, startedActiveMs, usage} = before;
	state.subtasks.set(id, {...pendingSubtask(id), attempt, startedAt, startedActiveMs, usage});
}

function updateSubtask(state: RunState, id: string, fields: Partial<SubtaskState>): void {
	const before = state.subtasks.get(id) ?? pendingSubtask(id);
	const ended = fields.status !== undefined && isFinal(fields.status);
	state.subtasks.set(id, {
		...before,
		...fields,
		...(ended ? {endedAt: state.changedAt, endedActiveMs: state.activeMs} : {}),
	});
}

function failAttempt(state: RunState, event: EventOf<'attempt-failed'>): void {
	const before = state.subtasks.get(event.subtask);
	markAgentsIdle(state, event.subtask);
	updateSubtask(state, event.subtask, {
		status: event.strategy === 'retry' ? 'ready' : 'running',
		failure: event.failure,
		evidence: event.evidence,
		failedAttempts: (before?.failedAttempts ?? 0) + 1,
	});
}

function finishMerge(state: RunState, event: EventOf<'merge-finished'>): void {
	const finished = state.subtasks.get(event.subtask)?.finished;
	updateSubtask(state, event.subtask, {
		merge: undefined,
		finished: finished && {...finished, merged: true},
	});
	state.head = event.head;
	state.finalChecks.clear();
}

function startCheck(state: RunState, event: EventOf<'check-started'>): void {
	const check: CheckState = {
		name: event.check,
		command: event.command,
		passed: undefined,
		exitCode: null,
		durationMs: 0,
		output: '',
	};
	if (event.subtask === undefined) {
		state.finalChecks.set(check.name, check);
		return;
	}

	if (event.place === 'workspace') {
		markVerifying(state, {subtask: event.subtask, attempt: event.attempt}, event.command);
	}

	const before = state.subtasks.get(event.subtask);
	updateSubtask(state, event.subtask, {
		...(event.place === 'workspace' ? {status: 'verifying' as const} : {}),
		checks: [...(before?.checks ?? []).filter(({name}) => name !== check.name), check],
	});
}

function finishCheck(state: RunState, event: EventOf<'check-finished'>): void {
	const {passed, exitCode, durationMs, output} = event;
	const result = {passed, exitCode, durationMs, output};
	if (event.subtask === undefined) {
		const check = state.finalChecks.get(event.check);
		if (check) {
			state.finalChecks.set(event.check, {...check, ...result});
		}

		return;
	}

	if (event.place === 'workspace') {
		markVerifying(state, {subtask: event.subtask, attempt: event.attempt}, undefined);
	}

	const before = state.subtasks.get(event.subtask);
	updateSubtask(state, event.subtask, {
		checks: (before?.checks ?? []).map(check =>
			check.name === event.check ? {...check, ...result} : check,
		),
	});
}
