import {totalTokens, type Usage} from './chat.ts';
import type {RunEvent} from './run-event.ts';
import type {TokenCount} from './run-report.ts';
import {noTokens, type AgentState, type RunState} from './run-state.ts';

/** Folds what agents do, wait for, spend and say; false when the event is none of that. */
export function foldAgentEvent(state: RunState, event: RunEvent): boolean {
	switch (event.type) {
		case 'agent-started':
			change(state, event.agent, {
				provider: event.provider,
				model: event.model,
				activity: 'thinking',
				detail: undefined,
				subtask: event.subtask,
				attempt: event.attempt,
				turns: 0,
			});
			break;
		case 'agent-finished':
			change(state, event.agent, {
				...resting,
				activity: 'idle',
				subtask: undefined,
				attempt: undefined,
			});
			break;
		case 'agent-waiting':
			change(state, event.agent, {
				activity: 'waiting',
				detail: event.detail,
				waitsFor: event.for,
				until: event.until,
			});
			break;
		case 'agent-resumed':
			change(state, event.agent, {...resting, activity: 'thinking'});
			break;
		case 'model-call-started':
			state.openCalls.set(event.call, event.reserved);
			change(state, event.agent, {...resting, activity: 'thinking', turns: event.turn});
			break;
		case 'model-call-finished':
			state.openCalls.delete(event.call);
			countUsage(state, event.agent, event.model, event.usage);
			break;
		case 'model-call-failed':
			state.openCalls.delete(event.call);

			break;
		case 'tool-call-started':
			change(state, event.agent, {...resting, activity: 'calling', detail: event.summary});
			break;
		case 'tool-call-finished':
			change(state, event.agent, {...resting, activity: 'thinking'});
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

			break;
		}

		default:
			return false;
	}

	return true;
}

const resting = {detail: undefined, waitsFor: undefined, until: undefined};

/** Puts agents to rest whose attempt was cut off: those of one subtask, or all of them. */
export function restAgents(state: RunState, subtask?: string): void {
	for (const agent of state.agents.values()) {
		if (subtask === undefined || agent.subtask === subtask) {
			change(state, agent.name, {
				...resting,
				activity: 'idle',
				subtask: undefined,
				attempt: undefined,
			});
		}
	}
}

function change(state: RunState, name: string, fields: Partial<AgentState>): void {
	const before = state.agents.get(name) ?? newAgent(name);
	state.agents.set(name, {...before, ...fields});
}

function newAgent(name: string): AgentState {
	return {
		name,
		provider: '',
		model: '',
		activity: 'idle',
		...resting,
		subtask: undefined,
		attempt: undefined,
		turns: 0,
		usage: noTokens,
	};
}

function countUsage(state: RunState, agent: string, model: string, usage: Usage): void {
	state.usage.total = add(state.usage.total, usage);
	state.usage.models.set(model, add(state.usage.models.get(model) ?? noTokens, usage));
	const before = state.agents.get(agent) ?? newAgent(agent);
	state.agents.set(agent, {...before, usage: add(before.usage, usage)});
}

function add(count: TokenCount, usage: Usage): TokenCount {
	const output = usage.output ?? 0;
	const total = totalTokens(usage);
	return {
		calls: count.calls + 1,
		input: count.input + total - output,
		output: count.output + output,
		total: count.total + total,
	};
}
