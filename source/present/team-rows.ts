import {isUnowned} from '../core/run-clock.ts';
import type {RunState} from '../core/run-state.ts';
import type {AgentState} from '../core/run-state-entries.ts';
import {noTokens} from '../core/run-state.ts';
import type {AgentProfile} from '../core/settings.ts';
import {sanitizeLine} from '../core/text.ts';
import {activityOf} from './activity.ts';
import {fitRow, span, spread, type Row, type Span, type Tone} from './text/row.ts';
import {tokens} from './words.ts';

/** The agents of a run in display order: the lead, then the teammates. */
export function agentsOf(state: RunState): readonly AgentState[] {
	const {team} = state;
	return team ? [team.lead, ...team.teammates].map(profile => agentOf(profile, state)) : [];
}

function agentOf(profile: AgentProfile, state: RunState): AgentState {
	return (
		state.agents.get(profile.name) ?? {
			name: profile.name,
			provider: profile.provider,
			model: profile.model,
			activity: 'idle',
			detail: undefined,
			waitsFor: undefined,
			until: undefined,
			since: undefined,
			subtask: undefined,
			attempt: undefined,
			turns: 0,
			usage: noTokens,
		}
	);
}

/** One agent per row: sign, name, subtask, activity, tokens. */
export function teamRow(
	agent: AgentState,
	state: RunState,
	{width, ascii = false}: {readonly width: number; readonly ascii?: boolean},
): Row {
	const {sign, tone} = signOf(isUnowned(state) ? {activity: 'idle'} : agent, ascii);
	const subtask: readonly Span[] =
		agent.subtask === undefined ? [] : [span(`${sanitizeLine(agent.subtask)} `)];
	const used = agent.usage.total === 0 ? '' : tokens(agent.usage.total);
	const name = fitRow([span(sanitizeLine(agent.name))], nameWidth);
	return spread(
		[span(`${sign} `, tone), ...name, span(' '), ...subtask, activityOf(agent, state)],
		used === '' ? [] : [span(used, 'quiet')],
		width,
	);
}

/** In columns. */
const nameWidth = 11;

/** The heading of an agent's log: `teammate-1 · api · claude-sonnet-5 · thinking`. */
export function agentHeading(agent: AgentState, state: RunState, width: number): Row {
	const model = agent.model === '' ? agent.provider : agent.model;
	const subtask = agent.subtask === undefined ? '' : ` · ${sanitizeLine(agent.subtask)}`;
	const activity = activityOf(agent, state);
	const left: Row = [
		span(`${sanitizeLine(agent.name)}${subtask}`, 'heading'),
		span(` · ${sanitizeLine(model)} · `, 'quiet'),
		activity,
	];
	return fitRow(left, width);
}

/** `Team · 2 of 5 working · 1 waiting`. */
export function teamHeading(state: RunState): string {
	const agents = agentsOf(state);
	const isOver = isUnowned(state);
	const count = (wanted: (agent: AgentState) => boolean) =>
		isOver ? 0 : agents.filter(wanted).length;
	const working = count(({activity}) => activity !== 'idle' && activity !== 'waiting');
	const waiting = count(({activity}) => activity === 'waiting');
	const waits = waiting === 0 ? '' : ` · ${waiting} waiting`;
	return `Team · ${working} of ${agents.length} working${waits}`;
}

function signOf(
	{activity}: Pick<AgentState, 'activity'>,
	ascii: boolean,
): {sign: string; tone: Tone} {
	switch (activity) {
		case 'idle':
			return {sign: ascii ? '.' : '○', tone: 'quiet'};
		case 'waiting':
			return {sign: ascii ? '!' : '◌', tone: 'warning'};
		case 'thinking':
		case 'calling':
		case 'verifying':
			return {sign: ascii ? '*' : '●', tone: 'accent'};
	}
}
