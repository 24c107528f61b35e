import type {RunCommand} from './command.ts';
import type {Payload, RunEvent} from './run-event.ts';
import type {RunReport} from './run-report.ts';
import type {RunState, RunStatus} from './run-state.ts';

/** What became of a command: taken by the owner of the run, refused with a reason, or still queued. */
export type Receipt =
	| {readonly kind: 'taken'}
	| {readonly kind: 'refused'; readonly reason: string}
	| {readonly kind: 'queued'};

/** A live piece of what an agent says; never logged, lost when nobody listens. */
export type AgentDelta = {
	readonly agent: string;
	readonly kind: 'text' | 'thinking' | 'output';
	readonly text: string;
};

/** Hears an event, with the state after it. */
export type RunListener = (event: RunEvent, state: RunState) => void;

/**
 * All that a view knows of a run, in this process or in another one: where it stands, what happens,
 * and how to ask something of it.
 */
export type Run = {
	readonly id: string;
	/** The state as of the last event. Owned by the run: read it, don't keep it. */
	state(): RunState;
	/** Calls the listener after each new event; returns how to stop. */
	subscribe(listener: RunListener): () => void;
	/** Live text of the agents; only for a run of this process. */
	watch(listener: (delta: AgentDelta) => void): () => void;
	/** Asks something of the run. Waits at most 5 s for the receipt. */
	send(command: RunCommand): Promise<Receipt>;
	/** The text of a payload; a note in brackets when its blob is missing. */
	read(payload: Payload): Promise<string>;
	/** The closing line of this invocation. */
	readonly done: Promise<RunReport>;
};

/** One line of the list of runs. */
export type RunSummary = {
	readonly run: string;
	readonly team: string;
	/** First line of the task. */
	readonly task: string;
	readonly directory: string;
	readonly status: RunStatus;
	/** Whether a process works on it right now. */
	readonly live: boolean;
	readonly startedAt: string;
	readonly changedAt: string;
	readonly completed: number;
	readonly subtasks: number;
	readonly tokens: number;
	/** Whether its delivered change was taken back. */
	readonly undone: boolean;
	/** Why it cannot be read, where that is so. */
	readonly problem?: string | undefined;
};

/** The runs that are kept, for views. */
export type RunCatalog = {
	/** The last started first. */
	list(options?: {readonly team?: string | undefined}): Promise<readonly RunSummary[]>;
	/** The id that a prefix or `last` means; throws when none or several fit. */
	resolve(reference: string): Promise<string>;
	/** Attaches to a run, whoever owns it. */
	open(run: string, signal: AbortSignal): Promise<Run>;
};

export type TeamSummary = {
	readonly name: string;
	readonly provider: string;
	/** `undefined`: whatever the server has. */
	readonly model: string | undefined;
	readonly teammates: number;
	readonly createdAt: number;
};

/** What a view may do beyond a run. */
export type Actions = {
	listTeams(): Promise<readonly TeamSummary[]>;
	createTeam(team: {
		readonly name: string;
		readonly provider: string;
		readonly model?: string | undefined;
		readonly baseUrl?: string | undefined;
		readonly teammates?: number | undefined;
	}): Promise<TeamSummary>;
	deleteTeam(name: string): Promise<void>;
};
