import {refreshEndedRun} from '../core/refresh-ended-run.ts';
import type {Change} from '../core/change.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {Payload} from '../core/payload.ts';
import type {RunState} from '../core/run-state.ts';
import type {AgentDelta, OwnedRun, Replay, Run} from '../core/run.ts';
import {readHistory, type HistoryEntry} from '../core/run-history.ts';
import type {ReadPayload} from '../present/check-rows.ts';
import {createAgentLog, type AgentLog} from '../present/log/agent-log.ts';
import {agentsOf} from '../present/team-rows.ts';
import {guarded} from './guarded.ts';
import {createFailureList, type FailureList} from './failure-list.ts';
import {createReorderBuffer} from './reorder-buffer.ts';
import {createLogFeed} from './log-feed.ts';
import {createTextCache} from './text-cache.ts';

/** How this view relates to a run: it is run by this process, by another one, or replayed. */
export type RunKind =
	| {readonly kind: 'own'; readonly run: OwnedRun}
	| {readonly kind: 'attached'; readonly run: Run}
	| {readonly kind: 'replay'; readonly run: Replay};

/** A run as seen by the screen: its state, the logs of its agents, its texts. */
export type RunSession = {
	readonly source: RunKind;
	readonly run: Run;
	state(): RunState;
	/** The log of an agent, created on first use. */
	logOf(agent: string): AgentLog;
	/** A payload's text; `undefined` while it is being read. */
	read(payload: Payload): string | undefined;
	/** The diff of a change; `undefined` while it is being read. */
	diffOf(change: Change): string | undefined;
	readonly failures: FailureList;
	/** Fills the logs with past events. New events wait until then. */
	load(): Promise<void>;
	/** Reads what happened to a run of this process after its end: its change was undone. */
	catchUp(): Promise<void>;
	close(): void;
};

/** Lines kept per log, so that 16 full logs fit in the memory of a small machine. */
const maxLogLines = 3_000;

/** Most recent past pieces, whose blobs are read. */
const maxPastTexts = 600;

export type SessionOptions = {
	/** Called for every visible change. */
	readonly changed: () => void;
	readonly readDiff: (run: string, change: Change) => Promise<string>;
	/** Called with errors of taking events in; default: throws them. */
	readonly fail?: (error: unknown) => void;
	/** Sequence numbers of failures seen in an earlier view of the run. */
	readonly seenFailures?: ReadonlySet<number> | undefined;
};

/**
 * Follows a run for a view. `changed` is called for every visible change, however often: the caller
 * decides when to draw.
 */
export function openAttemptSession(
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
		const known = logs.get(agent) ?? createAgentLog({width: 80, capacity: maxLogLines});
		logs.set(agent, known);
		return known;
	};

	/** The lead's text is the plan as JSON, which is shown as a graph. */
	const isLead = (agent: string) => agent === run.state().team?.lead.name;

	/** Sequence number of the last event taken. */
	let seen = 0;
	/** Pieces received while the past is read. */
	let waiting: HistoryEntry[] | undefined = [];

	const openFeed = () =>
		createLogFeed({
			read: async payload => run.read(payload),
			take(piece, texts) {
				guarded(fail, () => {
					if ('event' in piece) {
						takeEvent(piece.event, texts);
					} else {
						takeDelta(piece.delta);
					}
				});
				changed();
			},
		});
	let feed = openFeed();

	const takeEvent = (event: RunEvent, texts: ReadPayload) => {
		if (event.seq <= seen) {
			return;
		}

		seen = event.seq;
		const isPlanText = event.type === 'model-call-finished' && isLead(event.agent);
		for (const agent of isPlanText ? [] : agentsOfEvent(event, run.state())) {
			logOf(agent).event(event, texts);
		}

		failures.add(event);
	};

	const takeDelta = ({agent, kind, text}: AgentDelta) => {
		if (kind !== 'output' && !(kind === 'text' && isLead(agent))) {
			logOf(agent).delta(kind, text);
		}
	};

	const reorderBuffer = createReorderBuffer(piece => {
		feed.add(piece);
	});

	const addLive = (piece: HistoryEntry) => {
		if (waiting) {
			waiting.push(piece);
		} else if (source.kind === 'attached') {
			reorderBuffer.add(piece);
		} else {
			feed.add(piece);
		}
	};

	/** Reads blobs only for what is recent enough to be scrolled to. */
	const addPast = (pieces: readonly HistoryEntry[]) => {
		for (const [index, piece] of pieces.entries()) {
			if (index < pieces.length - maxPastTexts) {
				feed.addWithoutText(piece);
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
				// A transcript on disk includes text written while it was read; a replay does not.
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

			reorderBuffer.stop();
			feed.stop();
		},
	};
}

function rethrow(error: unknown): never {
	throw error;
}

/** The agents whose log shows an event. Checks and merges belong to the agent of the subtask. */
function agentsOfEvent(event: RunEvent, state: RunState): readonly string[] {
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

/** An agent by its name or by its subtask. */
function agentNamed(name: string, state: RunState): readonly string[] {
	const {team} = state;
	const isAgent = team && [team.lead, ...team.teammates].some(agent => agent.name === name);
	const agent = isAgent === true ? name : state.subtasks.get(name)?.agent;
	return agent === undefined ? [] : [agent];
}
