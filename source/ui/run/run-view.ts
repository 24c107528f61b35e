import {openApprovals} from '../../core/open-approvals.ts';
import type {AgentState, ApprovalState, RunState} from '../../core/run-state.ts';
import type {LooseFailure} from '../../present/failure-rows.ts';
import {agentsOf} from '../../present/team-rows.ts';
import {railsOf} from './rails.ts';
import type {ListPlace} from './list-window.ts';
import type {RunSession} from '../../session/run-session.ts';

/** Where the keys of lists go. Logs are counted from the left. */
export type Focus =
	| {readonly pane: 'team'}
	| {readonly pane: 'plan'}
	| {readonly pane: 'log'; readonly index: number}
	| {readonly pane: 'approval'};

/** One thing that is looked at alone. `top` is the first row that is shown. */
export type Zoom =
	| {readonly kind: 'log'; readonly agent: string}
	| {readonly kind: 'details'; readonly subtask: string; readonly top: number}
	| {readonly kind: 'failure'; readonly failure: LooseFailure; readonly top: number}
	/** How the run ended, and what to do next. */
	| {readonly kind: 'end'; readonly top: number}
	| {readonly kind: 'approval'; readonly top: number};

/** The request that is shown. */
export type RequestPlace = {
	readonly id: string;
	/** Since when it can be read, ms; `undefined` while something lies over it. */
	readonly since: number | undefined;
	/** The first row that is shown. */
	readonly top: number;
};

/** What a person sees of a run, beside the run itself. */
export type RunView = {
	readonly session: RunSession;
	/** The first line of the task. */
	readonly task: string;
	readonly focus: Focus;
	readonly agents: ListPlace;
	readonly subtasks: ListPlace;
	/** Agents whose logs are shown, left to right. */
	readonly shown: readonly string[];
	readonly zoom: Zoom | undefined;
	/** First rows of logs that do not follow their end. */
	readonly logTops: Readonly<Record<string, number | undefined>>;
	/** What is looked for in logs. */
	readonly query: string | undefined;
	/** What is looked for in the plan. */
	readonly planQuery: string | undefined;
	readonly request: RequestPlace | undefined;
	/** Requests that were put off. */
	readonly later: readonly string[];
	/** Texts that were sent, for all boxes; and what was written but not sent, by box. */
	readonly history: readonly string[];
	readonly drafts: Readonly<Record<string, string>>;
	/** Nobody works on it, though it has not ended: its process has died. */
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

/** The state as it is shown: of a run whose process has died nothing goes on, though its log says so. */
export function stateOf({session, abandoned}: RunView): RunState {
	const state = session.state();
	return abandoned ? {...state, status: 'stopped'} : state;
}

/** Time as of now, ms; `undefined` for a replay, whose time is that of its last event. */
export function timeOf({session}: RunView, now: number): number | undefined {
	return session.source.kind === 'replay' ? undefined : now;
}

/** Whether there is more to read of how the run ended than one line. */
export function canShowEnd({session}: RunView): boolean {
	return session.state().report !== undefined;
}

export function selectedAgent({session, agents}: RunView): AgentState | undefined {
	return agentsOf(session.state())[agents.selected];
}

/** Ids of the plan's subtasks in the order in which they are shown. */
export function subtaskOrder(view: RunView): readonly string[] {
	const plan = view.session.state().plan?.plan;
	return plan ? railsOf(plan).rows.map(({subtask}) => subtask.id) : [];
}

export function selectedSubtask(view: RunView): string | undefined {
	return subtaskOrder(view)[view.subtasks.selected];
}

/**
 * Requests that are shown one after the other, oldest first; the ones put off come last. Of a run that
 * is over nobody waits for a decision.
 */
export function queueOf({session, later}: RunView): readonly ApprovalState[] {
	const state = session.state();
	const open = state.report ? [] : openApprovals(state);
	return [
		...open.filter(({id}) => !later.includes(id)),
		...open.filter(({id}) => later.includes(id)),
	];
}

/** The request that is shown: none when all were put off. */
export function shownRequest(view: RunView): ApprovalState | undefined {
	const [first] = queueOf(view);
	return first && !view.later.includes(first.id) ? first : undefined;
}

/**
 * Whose logs are shown: the selected agent, then those at work. Who is shown stays where it is as long
 * as it can, so that the screen does not jump.
 */
export function chooseShown(
	before: readonly string[],
	agents: readonly AgentState[],
	selected: string | undefined,
	count: number,
): readonly string[] {
	const isAtWork = (name: string) =>
		agents.some(agent => agent.name === name && agent.activity !== 'idle');
	const wanted = [
		...(selected === undefined ? [] : [selected]),
		...before.filter(isAtWork),
		...agents.map(({name}) => name).filter(isAtWork),
		...before,
		...agents.map(({name}) => name),
	];
	const chosen = [...new Set(wanted)].slice(0, count);
	const kept = before.slice(0, count).map(name => (chosen.includes(name) ? name : undefined));
	const fresh = chosen.filter(name => !kept.includes(name));
	const places = Array.from({length: Math.min(count, chosen.length)}, (_, index) => kept[index]);
	return places.map(name => name ?? fresh.shift() ?? '').filter(name => name !== '');
}
