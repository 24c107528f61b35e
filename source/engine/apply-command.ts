import type {SteeringCommand} from '../core/steering-command.ts';
import {toFailure} from '../core/failure.ts';
import {planReopening} from '../core/reopen.ts';
import {agentNames, isFinal, spentTokens, spentUsd} from '../core/run-state.ts';
import type {Approvals} from './approvals.ts';
import {sendMessage} from './messages.ts';
import {revisePlan, messageLead} from './lead-messages.ts';
import type {Recorder} from './log/recorder.ts';
import type {OpenTurns} from './open-turns.ts';

export type ApplyCommandOptions = {
	readonly recorder: Recorder;
	readonly approvals: Approvals;
	readonly turns: OpenTurns;
	readonly cancelSubtask: (subtask: string, reason: string) => void;
	readonly cancelRun: () => void;
	/** Schedules subtasks that are pending again. */
	readonly reopen: () => void;
	/** Why the plan can no longer be changed; `undefined` while it can. */
	readonly planLockReason: () => string | undefined;
};

/**
 * Applies a command and logs its receipt (`inbox-refused` if it came from the inbox and was refused).
 * Returns the reason if refused.
 */
export function applyCommand(
	command: SteeringCommand,
	options: ApplyCommandOptions,
	inbox?: string,
): string | undefined {
	const problem = apply(command, options, inbox);
	if (problem !== undefined && inbox !== undefined) {
		options.recorder.emit({type: 'inbox-refused', file: inbox, problem});
	}

	return problem;
}

function apply(
	command: SteeringCommand,
	options: ApplyCommandOptions,
	inbox?: string,
): string | undefined {
	const {recorder, approvals, cancelSubtask, cancelRun} = options;
	const {state} = recorder;
	const receipt = inbox === undefined ? {} : {inbox};
	switch (command.type) {
		case 'decide': {
			const {approval, decision, scope, feedback} = command;
			return approvals.decide(approval, {decision, scope, feedback, origin: 'person'}, inbox);
		}

		case 'message':
			if (command.to === state.team?.lead.name) {
				return options.planLockReason() ?? messageLead(recorder, command.text, receipt);
			}

			try {
				sendMessage(recorder, {from: 'person', to: command.to, text: command.text}, inbox);
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
				return subtask
					? `${subtask.id} is ${subtask.status}`
					: `unknown subtask "${command.subtask}"`;
			}

			recorder.emit({type: 'cancel-requested', subtask: subtask.id, ...receipt});
			cancelSubtask(subtask.id, 'cancelled by the person');
			return undefined;
		}

		case 'pause':
			if (state.status !== 'running') {
				return `the run is ${state.status.replace('-', ' ')}`;
			}

			recorder.emit({type: 'run-paused', reason: 'by the person', ...receipt});
			return undefined;
		case 'unpause':
			if (state.status !== 'paused') {
				return `the run is ${state.status.replace('-', ' ')}`;
			}

			recorder.emit({type: 'run-unpaused', ...receipt});
			return undefined;
		case 'revise-plan':
			return revisePlan(recorder, command.plan, receipt);
		case 'interrupt':
			return interrupt(command.agent, options, receipt);
		case 'retry':
			return options.planLockReason() ?? retry(command.subtask, options, receipt);
		case 'set-budget':
			return setBudget(recorder, command, receipt);
	}
}

function interrupt(
	agent: string,
	{recorder, turns}: ApplyCommandOptions,
	receipt: {readonly inbox?: string},
): string | undefined {
	const {agents} = recorder.state;
	const names = agentNames(recorder.state);
	if (!names.includes(agent)) {
		return `unknown agent "${agent}"; the agents are: ${names.join(', ')}`;
	}

	if (agents.get(agent)?.waitsFor === 'message') {
		return `${agent} is already interrupted and waiting for a message from you`;
	}

	const turn = turns.of(agent);
	if (!turn) {
		return `${agent} is idle`;
	}

	recorder.emit({type: 'turn-interrupted', agent, ...turn.session, turn: turn.turn, ...receipt});
	turn.interrupt();
	return undefined;
}

function setBudget(
	recorder: Recorder,
	change: Omit<Extract<SteeringCommand, {type: 'set-budget'}>, 'type'>,
	receipt: {readonly inbox?: string},
): string | undefined {
	const {state} = recorder;
	const {maxTokens = state.settings?.maxTokens ?? null} = change;
	const {maxUsd = state.settings?.maxUsd ?? null} = change;
	const tokens = spentTokens(state);
	if (maxTokens !== null && maxTokens < tokens) {
		return `the run has already spent ${tokens} tokens, so its budget cannot be ${maxTokens}`;
	}

	const usd = spentUsd(state);
	if (maxUsd !== null && maxUsd < usd) {
		return `the run has already spent $${usd.toFixed(2)}, so its budget cannot be $${maxUsd.toFixed(2)}`;
	}

	recorder.emit({type: 'budget-changed', maxTokens, maxUsd, ...receipt});
	return undefined;
}

/**
 * The last event carries the receipt: after a crash in between, the command is applied again and reopens
 * the rest.
 */
function retry(
	subtask: string,
	{recorder, reopen}: ApplyCommandOptions,
	receipt: {readonly inbox?: string},
): string | undefined {
	const {state} = recorder;
	if (state.plan?.approved !== true) {
		return 'the plan is not approved yet';
	}

	const reopening = planReopening(subtask, state.plan.plan, state);
	if (!reopening.ok) {
		return reopening.reason;
	}

	const others = reopening.subtasks.filter(id => id !== subtask).toReversed();
	for (const id of others) {
		const reason = `because "${subtask}" is retried`;
		recorder.emit({type: 'subtask-reopened', subtask: id, reason});
	}

	recorder.emit({type: 'subtask-reopened', subtask, reason: 'by the person', ...receipt});
	reopen();
	return undefined;
}
