import {totalTokens} from './chat.ts';
import type {EventOf, RunEvent} from './run-event.ts';
import type {TokenCount} from './run-report.ts';
import {noTokens, pendingSubtask, type RunState} from './run-state.ts';
import type {AgentState} from './run-state-entries.ts';

/** Folds what agents do, wait for, spend and say. False for any other event. */
export function foldAgentEvent(state: RunState, event: RunEvent): boolean {
	switch (event.type) {
		case 'agent-started':
			updateAgent(state, event.agent, {
				...notWaiting,
				provider: event.provider,
				model: event.model,
				activity: 'thinking',
				subtask: event.subtask,
				attempt: event.attempt,
				turns: 0,
			});
			break;
		case 'agent-finished':
			updateAgent(state, event.agent, idle);
			break;
		case 'agent-waiting':
			updateAgent(state, event.agent, {
				activity: 'waiting',
				detail: event.detail,
				waitsFor: event.for,
				until: event.until,
				subtask: event.subtask,
				attempt: event.attempt,
			});
			break;
		case 'agent-resumed':
			updateAgent(state, event.agent, {...notWaiting, activity: 'thinking'});
			break;
		case 'model-call-started':
			state.openCalls.set(event.call, {tokens: event.reserved, usd: event.reservedUsd ?? 0});
			updateAgent(state, event.agent, {...notWaiting, activity: 'thinking', turns: event.turn});
			break;
		case 'model-call-finished':
			state.openCalls.delete(event.call);
			countUsage(state, event);
			break;
		case 'model-call-failed':
			if (event.usage) {
				countUsage(state, {...event, model: event.model ?? '', usage: event.usage});
			}

			state.openCalls.delete(event.call);
			break;
		case 'model-switched':
			updateAgent(state, event.agent, {provider: event.to.provider, model: event.to.model});
			countSwitch(state, event);
			break;
		case 'context-compacted':
			break;
		case 'tool-call-started':
			updateAgent(state, event.agent, {...notWaiting, activity: 'calling', detail: event.summary});
			break;
		case 'tool-call-finished':
			updateAgent(state, event.agent, {...notWaiting, activity: 'thinking'});
			break;
		case 'message-sent':
			state.messages.set(event.message, {
				id: event.message,
				from: event.from,
				to: event.to,
				text: event.text,
				delivered: false,
			});
			break;
		case 'message-delivered': {
			const message = state.messages.get(event.message);
			if (message) {
				state.messages.set(event.message, {...message, delivered: true});
			}

			// Within an attempt, the message goes to a teammate. Otherwise the lead gets it as plan
			// feedback.
			if (message && event.subtask === undefined) {
				state.feedback.push(message.text);
				state.leadInterrupted = false;
			}

			break;
		}

		default:
			return false;
	}

	return true;
}

const notWaiting = {detail: undefined, waitsFor: undefined, until: undefined};
const idle = {...notWaiting, activity: 'idle', subtask: undefined, attempt: undefined} as const;

/** Marks agents idle after their attempt was cut off: those of one subtask, or all. */
export function markAgentsIdle(state: RunState, subtask?: string): void {
	for (const agent of state.agents.values()) {
		const affected = subtask === undefined || agent.subtask === subtask;
		if (affected && agent.activity !== 'idle') {
			updateAgent(state, agent.name, idle);
		}
	}
}

/** An attempt prepares its workspace before its agent makes a model call. */
export function markPreparing(state: RunState, event: EventOf<'subtask-started'>): void {
	const {agent, attempt, subtask} = event;
	const profile = state.team?.teammates.find(({name}) => name === agent);
	updateAgent(state, agent, {
		...notWaiting,
		...(profile ? {provider: profile.provider, model: profile.model} : {}),
		activity: 'calling',
		detail: 'preparing its workspace',
		subtask,
		attempt,
		turns: 0,
	});
}

/** Marks the agent of an attempt as verifying. `check`: the command that is running. */
export function markVerifying(
	state: RunState,
	{subtask, attempt}: {readonly subtask: string; readonly attempt?: number | undefined},
	check: string | undefined,
): void {
	updateWorker(state, subtask, attempt, {...notWaiting, activity: 'verifying', detail: check});
}

/** Verification is over; the agent continues. */
export function endVerification(state: RunState, event: EventOf<'verification-finished'>): void {
	updateWorker(state, event.subtask, event.attempt, {...notWaiting, activity: 'thinking'});
}

/** The plan awaits a decision; so does the lead, if it has started. */
export function markAwaitingDecision(
	state: RunState,
	wish: string,
	until: string | undefined,
): void {
	const lead = leadOf(state);
	if (lead) {
		updateAgent(state, lead.name, {activity: 'waiting', waitsFor: 'decision', detail: wish, until});
	}
}

/** The plan no longer awaits a decision. */
export function endAwaitingDecision(state: RunState): void {
	const lead = leadOf(state);
	if (lead?.waitsFor === 'decision') {
		updateAgent(state, lead.name, idle);
	}
}

function leadOf({agents, team}: RunState): AgentState | undefined {
	return team && agents.get(team.lead.name);
}

function updateWorker(
	state: RunState,
	subtask: string,
	attempt: number | undefined,
	fields: Partial<AgentState>,
): void {
	for (const agent of state.agents.values()) {
		if (agent.subtask === subtask && agent.attempt === attempt) {
			updateAgent(state, agent.name, fields);
		}
	}
}

function updateAgent(state: RunState, name: string, fields: Partial<AgentState>): void {
	const before = state.agents.get(name) ?? newAgent(name);
	state.agents.set(name, {...before, ...fields, since: state.changedAt});
}

function newAgent(name: string): AgentState {
	return {
		name,
		provider: '',
		model: '',
		...idle,
		since: undefined,
		turns: 0,
		usage: noTokens,
	};
}

function countSwitch(
	{switches}: RunState,
	{agent, from, to, failure}: EventOf<'model-switched'>,
): void {
	const key = JSON.stringify([agent, from, to]);
	const times = (switches.get(key)?.times ?? 0) + 1;
	switches.set(key, {agent, from, to, kind: failure.kind, times});
}

type CallUsage = Pick<
	EventOf<'model-call-finished'>,
	'agent' | 'subtask' | 'model' | 'usage' | 'usd'
>;

function countUsage(state: RunState, event: CallUsage): void {
	const {agent, model, subtask} = event;
	state.usage.total = add(state.usage.total, event);
	state.usage.models.set(model, add(state.usage.models.get(model) ?? noTokens, event));
	const worker = state.agents.get(agent) ?? newAgent(agent);
	state.agents.set(agent, {...worker, usage: add(worker.usage, event)});
	if (subtask !== undefined) {
		const before = state.subtasks.get(subtask) ?? pendingSubtask(subtask);
		state.subtasks.set(subtask, {...before, usage: add(before.usage, event)});
	}
}

function add(count: TokenCount, {usage, usd}: CallUsage): TokenCount {
	const output = usage.output ?? 0;
	const total = totalTokens(usage);
	return {
		calls: count.calls + 1,
		input: count.input + total - output,
		output: count.output + output,
		total: count.total + total,
		usd: count.usd + (usd ?? 0),
		unpriced: count.unpriced + (usd === undefined ? 1 : 0),
	};
}

/** Counts an unfinished call as lost, as if it had used its full reservation. */
export function countLostCall(state: RunState, call: string): void {
	const {tokens = 0, usd = 0} = state.openCalls.get(call) ?? {};
	state.usage.lost += tokens;
	state.usage.lostUsd += usd;
}
