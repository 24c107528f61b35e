import {restAgents} from './fold-agent.ts';
import type {EventOf, RunEvent} from './run-event.ts';
import {pendingSubtask, type CheckState, type RunState, type SubtaskState} from './run-state.ts';

/** Folds the events of subtasks, attempts, checks and merges; false when the event is none of them. */
export function foldSubtaskEvent(state: RunState, event: RunEvent): boolean {
	switch (event.type) {
		case 'subtasks-ready':
			for (const id of event.subtasks) {
				change(state, id, {status: 'ready'});
			}

			break;
		case 'subtask-started':
			change(state, event.subtask, {
				status: 'running',
				attempt: event.attempt,
				agent: event.agent,
				base: event.base,
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
			break;
		case 'attempt-finished':
			change(state, event.subtask, {
				status: 'merging',
				summary: event.summary,
				outputs: event.outputs,
				finished: {attempt: event.attempt, change: event.change, merged: false},
			});
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
			break;
		case 'subtask-failed':
			change(state, event.subtask, {status: 'failed', failure: event.failure});
			break;
		case 'subtask-skipped':
			change(state, event.subtask, {status: 'skipped', reason: event.reason});
			break;
		case 'subtask-cancelled':
			change(state, event.subtask, {status: 'cancelled', reason: event.reason});
			restAgents(state, event.subtask);
			break;
		case 'subtask-reopened':
			change(state, event.subtask, {
				...pendingSubtask(event.subtask),
				attempt: state.subtasks.get(event.subtask)?.attempt ?? 0,
			});
			break;
		case 'cancel-requested':
			state.cancelRequested ||= event.subtask === undefined;
			break;
		default:
			return false;
	}

	return true;
}

function change(state: RunState, id: string, fields: Partial<SubtaskState>): void {
	const before = state.subtasks.get(id) ?? pendingSubtask(id);
	state.subtasks.set(id, {...before, ...fields});
}

function failAttempt(state: RunState, event: EventOf<'attempt-failed'>): void {
	const before = state.subtasks.get(event.subtask);
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

	const before = state.subtasks.get(event.subtask);
	change(state, event.subtask, {
		checks: (before?.checks ?? []).map(check =>
			check.name === event.check ? {...check, ...result} : check,
		),
	});
}
