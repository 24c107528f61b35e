import {isUnowned} from '../core/run-clock.ts';
import {isFinal, type AgentState, type RunState} from '../core/run-state.ts';
import {sanitizeLine} from '../core/text.ts';
import {span, type Span} from './text/row.ts';
import {clockTime} from './words.ts';

/** What an agent does or waits for, in one piece of text. Comes from events alone, nothing is guessed. */
export function activityOf(agent: AgentState, state: RunState): Span {
	if (isUnowned(state)) {
		return span('idle', 'quiet');
	}

	switch (agent.activity) {
		case 'idle':
			return idle(agent, state);
		case 'thinking':
			return span(agent.subtask === undefined ? 'plans' : 'thinks', 'accent');
		case 'calling':
			return span(detailOf(agent, 'uses a tool'), 'accent');
		case 'verifying':
			return span(`check: ${detailOf(agent, 'runs')}`, 'accent');
		case 'waiting':
			return span(waitOf(agent), 'warning');
	}
}

function waitOf(agent: AgentState): string {
	const until = agent.until === undefined ? '' : ` until ${clockTime(agent.until)}`;
	switch (agent.waitsFor) {
		case 'rate-limit':
			return `rate limit${until}`;
		case 'retry':
			return until === ''
				? 'call failed, again'
				: `again ${clockTime(agent.until ?? '')}: call failed`;
		case 'slot':
			return `waits for a slot${agent.detail === undefined ? '' : `: ${detailOf(agent, '')}`}`;
		case 'server-loading':
			return `server is loading${until}`;
		case 'budget':
			return 'waits for the budget';
		case 'approval':
		case 'decision':
			return 'waits for your decision';
		case 'message':
			return 'waits for your message (m)';
		case 'command':
			return `waits for ${detailOf(agent, 'a command')}`;
		case 'paused':
			return 'paused by you';
		case undefined:
			return detailOf(agent, 'waits');
	}
}

/** A teammate without work: because all is given out, or because what is left depends on something. */
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

	const atWork = open.filter(({status}) => status !== 'pending' && status !== 'ready');
	const names = atWork.slice(0, 3).map(({id}) => sanitizeLine(id));
	return names.length === 0
		? span('idle', 'quiet')
		: span(`waits for ${names.join(', ')}${atWork.length > 3 ? ' …' : ''}`, 'quiet');
}

function detailOf({detail}: AgentState, otherwise: string): string {
	return detail === undefined ? otherwise : sanitizeLine(detail);
}
