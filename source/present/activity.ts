import {isUnowned} from '../core/run-clock.ts';
import {isFinal, type RunState} from '../core/run-state.ts';
import type {AgentState} from '../core/run-state-entries.ts';
import {sanitizeLine} from '../core/text.ts';
import {span, type Span} from './text/row.ts';
import {clockTime} from './words.ts';

/** What an agent is doing or waiting for, derived from events alone. */
export function activityOf(agent: AgentState, state: RunState): Span {
	if (isUnowned(state)) {
		return span('idle', 'quiet');
	}

	switch (agent.activity) {
		case 'idle':
			return idle(agent, state);
		case 'thinking':
			return span(agent.subtask === undefined ? 'planning' : 'thinking', 'accent');
		case 'calling':
			return span(detailOf(agent, 'using a tool'), 'accent');
		case 'verifying':
			return span(`check: ${detailOf(agent, 'running')}`, 'accent');
		case 'waiting':
			return span(waitText(agent), 'warning');
	}
}

function waitText(agent: AgentState): string {
	const until = agent.until === undefined ? '' : ` until ${clockTime(agent.until)}`;
	switch (agent.waitsFor) {
		case 'rate-limit':
			return `rate limit${until}`;
		case 'retry':
			return until === ''
				? 'call failed, retrying'
				: `retry at ${clockTime(agent.until ?? '')}: call failed`;
		case 'slot':
			return `waiting for a slot${agent.detail === undefined ? '' : `: ${detailOf(agent, '')}`}`;
		case 'server-loading':
			return `server loading${until}`;
		case 'budget':
			return 'waiting for budget';
		case 'approval':
		case 'decision':
			return 'waiting for you';
		case 'message':
			return 'waiting for your message (m)';
		case 'command':
			return `waiting for ${detailOf(agent, 'a command')}`;
		case 'paused':
			return 'paused by you';
		case undefined:
			return detailOf(agent, 'waiting');
	}
}

/** An idle teammate waits for the subtasks that are in progress; with nothing open it is just idle. */
function idle(agent: AgentState, state: RunState): Span {
	const subtasks = [...state.subtasks.values()];
	const isTeammate = state.team?.teammates.some(({name}) => name === agent.name) === true;
	const open = subtasks.filter(({status}) => !isFinal(status));
	if (!isTeammate || open.length === 0) {
		return span('idle', 'quiet');
	}

	if (state.status === 'paused') {
		return span('paused by you', 'warning');
	}

	const inProgress = open.filter(({status}) => status !== 'pending' && status !== 'ready');
	const names = inProgress.slice(0, 3).map(({id}) => sanitizeLine(id));
	return names.length === 0
		? span('idle', 'quiet')
		: span(`waiting for ${names.join(', ')}${inProgress.length > 3 ? ' …' : ''}`, 'quiet');
}

function detailOf({detail}: AgentState, otherwise: string): string {
	return detail === undefined ? otherwise : sanitizeLine(detail);
}
