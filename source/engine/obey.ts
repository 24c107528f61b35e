import type {RunCommand} from '../core/command.ts';
import {toFailure} from '../core/failure.ts';
import {isFinal} from '../core/run-state.ts';
import type {Approvals} from './approvals.ts';
import {send} from './context.ts';
import type {Recorder} from './recorder.ts';

export type ObeyOptions = {
	readonly recorder: Recorder;
	readonly approvals: Approvals;
	/** Cancels a subtask that is not final. */
	readonly cancelSubtask: (subtask: string, reason: string) => void;
	readonly cancelRun: () => void;
};

/**
 * Carries out one command and leaves its receipt in the log; why not, when it cannot be done. The
 * receipt of a refused command from the inbox is `inbox-refused`.
 */
export function obey(
	command: RunCommand,
	options: ObeyOptions,
	inbox?: string,
): string | undefined {
	const problem = carryOut(command, options, inbox);
	if (problem !== undefined && inbox !== undefined) {
		options.recorder.emit({type: 'inbox-refused', file: inbox, problem});
	}

	return problem;
}

function carryOut(
	command: RunCommand,
	{recorder, approvals, cancelSubtask, cancelRun}: ObeyOptions,
	inbox?: string,
): string | undefined {
	const {state} = recorder;
	const receipt = inbox === undefined ? {} : {inbox};
	switch (command.type) {
		case 'decide': {
			const {approval, decision, scope, feedback} = command;
			return approvals.decide(approval, {decision, scope, feedback, origin: 'person'}, inbox);
		}

		case 'message':
			try {
				send(recorder, 'person', command.to, command.text, inbox);
				return undefined;
			} catch (error) {
				return toFailure(error).message;
			}

		case 'cancel': {
			if (command.subtask === undefined) {
				recorder.emit({type: 'cancel-requested', ...receipt});
				cancelRun();
				return undefined;
			}

			const subtask = state.subtasks.get(command.subtask);
			if (!subtask || isFinal(subtask.status)) {
				return subtask ? `${subtask.id} is ${subtask.status}` : `no subtask "${command.subtask}"`;
			}

			recorder.emit({type: 'cancel-requested', subtask: subtask.id, ...receipt});
			cancelSubtask(subtask.id, 'cancelled by the person');
			return undefined;
		}

		case 'pause':
			if (state.status !== 'running') {
				return `the run is ${state.status}`;
			}

			recorder.emit({type: 'run-paused', reason: 'by the person', ...receipt});
			return undefined;
		case 'unpause':
			if (state.status !== 'paused') {
				return `the run is ${state.status}`;
			}

			recorder.emit({type: 'run-unpaused', ...receipt});
			return undefined;
	}
}
