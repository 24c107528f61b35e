import {refreshEndedRun} from '../core/refresh-ended-run.ts';
import type {Change} from '../core/change.ts';
import type {Payload, RunEvent} from '../core/run-event.ts';
import type {RunState} from '../core/run-state.ts';
import type {StartedRun} from '../core/actions.ts';
import {readHistory, type HistoryEntry} from '../core/run-history.ts';
import type {AgentDelta, Replay, Run} from '../core/run.ts';
import {createAgentLog, type AgentLog} from '../present/log/agent-log.ts';
import {agentsOf} from '../present/team-rows.ts';
import {guarded} from './guarded.ts';
import {createFailureList, type FailureList} from './failure-list.ts';
import {createHoldBack} from './reorder-buffer.ts';
import {createLogFeed, type Texts} from './log-feed.ts';
import {createTextCache} from './text-cache.ts';

/** What a run is to this view: worked on by this process, by another one, or played again. */
export type RunKind =
	| {readonly kind: 'own'; readonly run: StartedRun}
	| {readonly kind: 'attached'; readonly run: Run}
	| {readonly kind: 'replay'; readonly run: Replay};

/** A run as the screen looks at it: its state, the logs of its agents, its texts. */
export type RunSession = {
	readonly source: RunKind;
	readonly run: Run;
	state(): RunState;
	/** The log of an agent; made when it is first asked for or written to. */
	logOf(agent: string): AgentLog;
	/** A payload's text; `undefined` while it is being read. */
	read(payload: Payload): string | undefined;
	/** The diff of a change; `undefined` while it is being read. */
	diffOf(change: Change): string | undefined;
	readonly failures: FailureList;
	/** Fills the logs with what happened before. New events wait meanwhile. */
	load(): Promise<void>;
	/** Takes in what was done to a run of this process after its end: its change was taken back. */
	catchUp(): Promise<void>;
	close(): void;
};

/** Lines of a log that can be scrolled back to: 16 full logs have to fit into the memory of a small machine. */
const keptLines = 3_000;

/** Pieces of the past whose texts are read out of blobs. */
const readAhead = 600;

export type SessionOptions = {
	/** Called for everything that could be seen. */
	readonly changed: () => void;
	readonly readDiff: (run: string, change: Change) => Promise<string>;
	/** Told of what cannot be taken in. Without it, whoever made it happen gets the error. */
	readonly fail?: (error: unknown) => void;
	/** Failures that a person has looked at in another view of the run, by the numbers of their events. */
	readonly seenFailures?: ReadonlySet<number> | undefined;
};

/**
 * Follows a run for a view. `changed` is called for everything that could be seen, as often as it
 * happens: whoever draws decides how often to look.
 */
export function openSession(
	source: RunKind,
	{changed, readDiff, fail = rethrow, seenFailures}: SessionOptions,
): RunSession {
	const {run} = source;
	const logs = new Map<string, AgentLog>();
	const blobs = createTextCache<Exclude<Payload, string>>({
		nameOf: ({blob}) => blob,
		load: async payload => run.read(payload),
		changed,
	});
	const diffs = createTextCache<Change>({
		nameOf: ({commit}) => commit,
		load: async change => readDiff(run.id, change),
		changed,
	});
	const failures = createFailureList(seenFailures);

	const logOf = (agent: string) => {
		const known = logs.get(agent) ?? createAgentLog({width: 80, capacity: keptLines});
		logs.set(agent, known);
		return known;
	};

	/** What the lead says is the plan, as JSON: it is shown as a graph. */
	const isLead = (agent: string) => agent === run.state().team?.lead.name;

	/** Number of the last event that was taken. */
	let seen = 0;
	/** What came while the past was being read. */
	let waiting: HistoryEntry[] | undefined = [];

	const openFeed = () =>
		createLogFeed({
			read: async payload => run.read(payload),
			take(piece, texts) {
				guarded(fail, () => {
					if ('event' in piece) {
						takeEvent(piece.event, texts);
					} else {
						hear(piece.delta);
					}
				});
				changed();
			},
		});
	let feed = openFeed();

	const takeEvent = (event: RunEvent, texts: Texts) => {
		if (event.seq <= seen) {
			return;
		}

		seen = event.seq;
		const isSaid = event.type === 'model-call-finished' && isLead(event.agent);
		for (const agent of isSaid ? [] : agentsConcerned(event, run.state())) {
			logOf(agent).event(event, texts);
		}

		failures.take(event);
	};

	const hear = ({agent, kind, text}: AgentDelta) => {
		if (kind !== 'output' && !(kind === 'text' && isLead(agent))) {
			logOf(agent).delta(kind, text);
		}
	};

	const late = createHoldBack(piece => {
		feed.add(piece);
	});

	const addLive = (piece: HistoryEntry) => {
		if (waiting) {
			waiting.push(piece);
		} else if (source.kind === 'attached') {
			late.add(piece);
		} else {
			feed.add(piece);
		}
	};

	/** Only what is near enough to be scrolled to is read out of blobs. */
	const addPast = (pieces: readonly HistoryEntry[]) => {
		for (const [index, piece] of pieces.entries()) {
			if (index < pieces.length - readAhead) {
				feed.addUnread(piece);
			} else {
				feed.add(piece);
			}
		}
	};

	const stops = [
		run.subscribe(event => {
			addLive({event});
			changed();
		}),
		run.watch(delta => {
			addLive({delta});
		}),
	];
	if (source.kind === 'replay') {
		stops.push(
			source.run.onReset(past => {
				logs.clear();
				failures.clear();
				seen = 0;
				feed.stop();
				feed = openFeed();
				addPast(past.map(event => ({event})));
				changed();
			}),
		);
	}

	return {
		source,
		run,
		state: () => run.state(),
		logOf,
		read: payload => (typeof payload === 'string' ? payload : blobs.read(payload)),
		diffOf: diffs.read,
		failures,
		async load() {
			const agents = agentsOf(run.state()).map(({name}) => name);
			waiting = [];
			const past: HistoryEntry[] = [];
			try {
				for await (const piece of readHistory(run, agents)) {
					past.push(piece);
				}
			} finally {
				addPast(past);
				// What a log on disk gives of the past holds what was said while it was read; a replay does not.
				const since = waiting.filter(piece => 'event' in piece || source.kind === 'replay');
				waiting = undefined;
				since.forEach(feed.add);
				changed();
			}
		},
		async catchUp() {
			if (source.kind === 'own') {
				for (const event of await refreshEndedRun(run)) {
					addLive({event});
				}

				changed();
			}
		},
		close() {
			for (const stop of stops) {
				stop();
			}

			late.stop();
			feed.stop();
		},
	};
}

function rethrow(error: unknown): never {
	throw error;
}

/** Whose log an event belongs into. Checks and merges stand with the agent that worked on the subtask. */
function agentsConcerned(event: RunEvent, state: RunState): readonly string[] {
	switch (event.type) {
		case 'message-sent':
			return [event.to, event.from].flatMap(name => agentNamed(name, state));
		case 'plan-proposed':
		case 'plan-refused':
		case 'planning-started':
		case 'plan-judged':
			return state.team ? [state.team.lead.name] : [];
		default: {
			if ('agent' in event && event.agent !== undefined) {
				return agentNamed(event.agent, state);
			}

			const subtask = 'subtask' in event ? event.subtask : undefined;
			const agent = subtask === undefined ? undefined : state.subtasks.get(subtask)?.agent;
			return agent === undefined ? [] : [agent];
		}
	}
}

/** An agent by its name, or the one that works on the subtask of that name. */
function agentNamed(name: string, state: RunState): readonly string[] {
	const {team} = state;
	const isAgent = team && [team.lead, ...team.teammates].some(agent => agent.name === name);
	const agent = isAgent === true ? name : state.subtasks.get(name)?.agent;
	return agent === undefined ? [] : [agent];
}
