import {openApprovals} from '../../core/open-approvals.ts';
import type {RunState} from '../../core/run-state.ts';
import type {AgentState, ApprovalState} from '../../core/run-state-entries.ts';
import type {RunFailure} from '../../present/failure-rows.ts';
import {agentsOf} from '../../present/team-rows.ts';
import {railsOf} from './rails.ts';
import type {ListPosition} from './list-window.ts';
import type {RunSession} from '../../session/run-session.ts';

/** The focused pane. Logs are counted from the left. */
export type Focus =
	| {readonly pane: 'team'}
	| {readonly pane: 'plan'}
	| {readonly pane: 'log'; readonly index: number}
	| {readonly pane: 'approval'};

/** A zoomed item. `top` is the first visible row. */
export type Zoom =
	| {readonly kind: 'log'; readonly agent: string}
	| {readonly kind: 'details'; readonly subtask: string; readonly top: number}
	| {readonly kind: 'failure'; readonly failure: RunFailure; readonly top: number}
	/** How the run ended and what to do next. */
	| {readonly kind: 'end'; readonly top: number}
	| {readonly kind: 'approval'; readonly top: number};

/** The shown request. */
export type RequestView = {
	readonly id: string;
	/** Since when it is readable, in ms; `undefined` while something covers it. */
	readonly since: number | undefined;
	/** The first visible row. */
	readonly top: number;
};

/** The view state of a run. */
export type RunView = {
	readonly session: RunSession;
	/** The first line of the task. */
	readonly task: string;
	readonly focus: Focus;
	readonly agents: ListPosition;
	readonly subtasks: ListPosition;
	/** Agents with visible logs, left to right. */
	readonly shown: readonly string[];
	readonly zoom: Zoom | undefined;
	/** Top rows of logs that do not follow their end. */
	readonly logTops: Readonly<Record<string, number | undefined>>;
	/** The search text in logs. */
	readonly query: string | undefined;
	/** The search text in the plan. */
	readonly planQuery: string | undefined;
	readonly request: RequestView | undefined;
	/** Postponed requests. */
	readonly later: readonly string[];
	/** Sent texts of all text dialogs; drafts by dialog. */
	readonly history: readonly string[];
	readonly drafts: Readonly<Record<string, string>>;
	/** The run has not ended, but its process died. */
	readonly abandoned: boolean;
};

export function runViewOf(session: RunSession, task: string): RunView {
	return {
		session,
		task,
		focus: {pane: 'plan'},
		agents: {selected: 0, top: 0},
		subtasks: {selected: 0, top: 0},
		shown: [],
		zoom: undefined,
		logTops: {},
		query: undefined,
		planQuery: undefined,
		request: undefined,
		later: [],
		history: [],
		drafts: {},
		abandoned: false,
	};
}

/** The state to show: an abandoned run is stopped, whatever its log says. */
export function shownState({session, abandoned}: RunView): RunState {
	const state = session.state();
	return abandoned ? {...state, status: 'stopped'} : state;
}

/** Current time, ms; `undefined` for a replay, which uses the time of its last event. */
export function timeOf({session}: RunView, now: number): number | undefined {
	return session.source.kind === 'replay' ? undefined : now;
}

/** Whether the end of the run can be shown. */
export function canShowEnd({session}: RunView): boolean {
	return session.state().report !== undefined;
}

export function selectedAgent({session, agents}: RunView): AgentState | undefined {
	return agentsOf(session.state())[agents.selected];
}

/** Subtask ids in display order. */
export function subtaskOrder(view: RunView): readonly string[] {
	const plan = view.session.state().plan?.plan;
	return plan ? railsOf(plan).rows.map(({subtask}) => subtask.id) : [];
}

export function selectedSubtask(view: RunView): string | undefined {
	return subtaskOrder(view)[view.subtasks.selected];
}

/** Open requests, oldest first, postponed ones last. Empty for a run that has ended. */
export function requestQueue({session, later}: RunView): readonly ApprovalState[] {
	const state = session.state();
	const open = state.report ? [] : openApprovals(state);
	return [
		...open.filter(({id}) => !later.includes(id)),
		...open.filter(({id}) => later.includes(id)),
	];
}

/** The shown request; `undefined` when all are postponed. */
export function shownRequest(view: RunView): ApprovalState | undefined {
	const [first] = requestQueue(view);
	return first && !view.later.includes(first.id) ? first : undefined;
}

/**
 * Chooses the visible logs: the selected agent, then working ones. Logs keep their position if
 * possible, so that the screen does not jump.
 */
export function chooseShownLogs(
	before: readonly string[],
	agents: readonly AgentState[],
	selected: string | undefined,
	count: number,
): readonly string[] {
	const isWorking = (name: string) =>
		agents.some(agent => agent.name === name && agent.activity !== 'idle');
	const wanted = [
		...(selected === undefined ? [] : [selected]),
		...before.filter(isWorking),
		...agents.map(({name}) => name).filter(isWorking),
		...before,
		...agents.map(({name}) => name),
	];
	const chosen = [...new Set(wanted)].slice(0, count);
	const kept = before.slice(0, count).map(name => (chosen.includes(name) ? name : undefined));
	const fresh = chosen.filter(name => !kept.includes(name));
	const slots = Array.from({length: Math.min(count, chosen.length)}, (_, index) => kept[index]);
	return slots.map(name => name ?? fresh.shift() ?? '').filter(name => name !== '');
}
