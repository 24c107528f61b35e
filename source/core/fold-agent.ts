import {totalTokens} from './chat.ts';
import type {EventOf, RunEvent} from './run-event.ts';
import type {TokenCount} from './run-report.ts';
import {noTokens, pendingSubtask, type AgentState, type RunState} from './run-state.ts';

/** Folds what agents do, wait for, spend and say; false when the event is none of that. */
export function foldAgentEvent(state: RunState, event: RunEvent): boolean {
	switch (event.type) {
		case 'agent-started':
			begin(state, event.agent, {
				...resting,
				provider: event.provider,
				model: event.model,
				activity: 'thinking',
				subtask: event.subtask,
				attempt: event.attempt,
				turns: 0,
			});
			break;
		case 'agent-finished':
			begin(state, event.agent, idle);
			break;
		case 'agent-waiting':
			begin(state, event.agent, {
				activity: 'waiting',
				detail: event.detail,
				waitsFor: event.for,
				until: event.until,
				subtask: event.subtask,
				attempt: event.attempt,
			});
			break;
		case 'agent-resumed':
			begin(state, event.agent, {...resting, activity: 'thinking'});
			break;
		case 'model-call-started':
			state.openCalls.set(event.call, {tokens: event.reserved, usd: event.reservedUsd ?? 0});
			begin(state, event.agent, {...resting, activity: 'thinking', turns: event.turn});
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
			begin(state, event.agent, {provider: event.to.provider, model: event.to.model});
			countSwitch(state, event);
			break;
		case 'context-compacted':
			break;
		case 'tool-call-started':
			begin(state, event.agent, {...resting, activity: 'calling', detail: event.summary});
			break;
		case 'tool-call-finished':
			begin(state, event.agent, {...resting, activity: 'thinking'});
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

			// Teammates are told in an attempt; what the lead is told is about its plan.
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

const resting = {detail: undefined, waitsFor: undefined, until: undefined};
const idle = {...resting, activity: 'idle', subtask: undefined, attempt: undefined} as const;

/** Puts agents to rest whose attempt was cut off: those of one subtask, or all of them. */
export function restAgents(state: RunState, subtask?: string): void {
	for (const agent of state.agents.values()) {
		const concerned = subtask === undefined || agent.subtask === subtask;
		if (concerned && agent.activity !== 'idle') {
			begin(state, agent.name, idle);
		}
	}
}

/** An attempt begins with its workspace, before its agent is asked anything. */
export function showPreparing(state: RunState, event: EventOf<'subtask-started'>): void {
	const {agent, attempt, subtask} = event;
	const profile = state.team?.teammates.find(({name}) => name === agent);
	begin(state, agent, {
		...resting,
		...(profile ? {provider: profile.provider, model: profile.model} : {}),
		activity: 'calling',
		detail: 'prepares its workspace',
		subtask,
		attempt,
		turns: 0,
	});
}

/** Shows the agent that works on an attempt as checking it: `check` is the command that runs now. */
export function showVerifying(
	state: RunState,
	{subtask, attempt}: {readonly subtask: string; readonly attempt?: number | undefined},
	check: string | undefined,
): void {
	changeWorker(state, subtask, attempt, {...resting, activity: 'verifying', detail: check});
}

/** The checks of an attempt are over: its agent goes on. */
export function endVerifying(state: RunState, event: EventOf<'verification-finished'>): void {
	changeWorker(state, event.subtask, event.attempt, {...resting, activity: 'thinking'});
}

/** The lead's plan waits for a decision, and so does the lead, when it was the one who made it. */
export function showDeciding(state: RunState, wish: string, until: string | undefined): void {
	const lead = leadOf(state);
	if (lead) {
		begin(state, lead.name, {activity: 'waiting', waitsFor: 'decision', detail: wish, until});
	}
}

/** The plan is not waited for any more. */
export function endDeciding(state: RunState): void {
	const lead = leadOf(state);
	if (lead?.waitsFor === 'decision') {
		begin(state, lead.name, idle);
	}
}

function leadOf({agents, team}: RunState): AgentState | undefined {
	return team && agents.get(team.lead.name);
}

function changeWorker(
	state: RunState,
	subtask: string,
	attempt: number | undefined,
	fields: Partial<AgentState>,
): void {
	for (const agent of state.agents.values()) {
		if (agent.subtask === subtask && agent.attempt === attempt) {
			begin(state, agent.name, fields);
		}
	}
}

/** The agent does something else from now on. */
function begin(state: RunState, name: string, fields: Partial<AgentState>): void {
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
	const way = JSON.stringify([agent, from, to]);
	const times = (switches.get(way)?.times ?? 0) + 1;
	switches.set(way, {agent, from, to, kind: failure.kind, times});
}

type Paid = Pick<EventOf<'model-call-finished'>, 'agent' | 'subtask' | 'model' | 'usage' | 'usd'>;

function countUsage(state: RunState, event: Paid): void {
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

function add(count: TokenCount, {usage, usd}: Paid): TokenCount {
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

/** A call that was asked for and whose end nobody heard of counts as if it had used all it might. */
export function loseCall(state: RunState, call: string): void {
	const {tokens = 0, usd = 0} = state.openCalls.get(call) ?? {};
	state.usage.lost += tokens;
	state.usage.lostUsd += usd;
}
