import {endVerifying, restAgents, showPreparing, showVerifying} from './fold-agent.ts';
import type {EventOf, RunEvent} from './run-event.ts';
import {
	isFinal,
	pendingSubtask,
	type CheckState,
	type RunState,
	type SubtaskState,
} from './run-state.ts';

/** Folds the events of subtasks, attempts, checks and merges; false when the event is none of them. */
export function foldSubtaskEvent(state: RunState, event: RunEvent): boolean {
	switch (event.type) {
		case 'subtasks-ready':
			for (const id of event.subtasks) {
				change(state, id, {status: 'ready'});
			}

			break;
		case 'subtask-started':
			showPreparing(state, event);
			change(state, event.subtask, {
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
			change(state, event.subtask, {
				status: 'ready',
				startsOver: true,
				checks: [],
				finished: undefined,
				merge: undefined,
			});
			restAgents(state, event.subtask);
			break;
		case 'attempt-finished':
			change(state, event.subtask, {
				status: 'merging',
				summary: event.summary,
				outputs: event.outputs,
				finished: {attempt: event.attempt, change: event.change, merged: false},
			});
			restAgents(state, event.subtask);
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
			change(state, event.subtask, {status: 'running'});
			endVerifying(state, event);
			break;
		case 'merge-started':
			change(state, event.subtask, {merge: {from: event.from, to: event.to}});
			break;
		case 'merge-finished':
			finishMerge(state, event);
			break;
		case 'merge-refused':
			change(state, event.subtask, {merge: undefined, finished: undefined});
			break;
		case 'subtask-completed':
			change(state, event.subtask, {
				status: 'completed',
				summary: event.summary,
				outputs: event.outputs,
				failure: undefined,
			});
			restAgents(state, event.subtask);
			break;
		case 'subtask-failed':
			change(state, event.subtask, {status: 'failed', failure: event.failure});
			restAgents(state, event.subtask);
			break;
		case 'subtask-skipped':
			change(state, event.subtask, {status: 'skipped', reason: event.reason});
			break;
		case 'subtask-cancelled':
			change(state, event.subtask, {status: 'cancelled', reason: event.reason});
			restAgents(state, event.subtask);
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

/** Makes a subtask pending again. Numbers of attempts are never used twice, and what it cost stays. */
export function reopenSubtask(state: RunState, id: string): void {
	const before = state.subtasks.get(id) ?? pendingSubtask(id);
	const {attempt, startedAt, startedActiveMs, usage} = before;
	state.subtasks.set(id, {...pendingSubtask(id), attempt, startedAt, startedActiveMs, usage});
}

function change(state: RunState, id: string, fields: Partial<SubtaskState>): void {
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
	restAgents(state, event.subtask);
	change(state, event.subtask, {
		status: event.strategy === 'retry' ? 'ready' : 'running',
		failure: event.failure,
		evidence: event.evidence,
		failedAttempts: (before?.failedAttempts ?? 0) + 1,
	});
}

function finishMerge(state: RunState, event: EventOf<'merge-finished'>): void {
	const finished = state.subtasks.get(event.subtask)?.finished;
	change(state, event.subtask, {
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
		showVerifying(state, {subtask: event.subtask, attempt: event.attempt}, event.command);
	}

	const before = state.subtasks.get(event.subtask);
	change(state, event.subtask, {
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
		showVerifying(state, {subtask: event.subtask, attempt: event.attempt}, undefined);
	}

	const before = state.subtasks.get(event.subtask);
	change(state, event.subtask, {
		checks: (before?.checks ?? []).map(check =>
			check.name === event.check ? {...check, ...result} : check,
		),
	});
}
