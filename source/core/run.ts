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
	/** When it was said (ISO), where it comes by another way than the events: from another process. */
	readonly time?: string | undefined;
};

/** A piece of what an agent said, as it is kept for viewers. */
export type TranscriptLine = {
	/** Wall clock, ISO 8601 with milliseconds. */
	readonly time: string;
	readonly kind: 'text' | 'thinking';
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
	/** Live text of the agents from now on; returns how to stop. */
	watch(listener: (delta: AgentDelta) => void): () => void;
	/** What an agent has said so far, for a view that comes late. Lines may be missing after a crash. */
	transcript(agent: string): Promise<readonly TranscriptLine[]>;
	/** Asks something of the run. Waits at most 5 s for the receipt. */
	send(command: RunCommand): Promise<Receipt>;
	/** The events so far, for a view that comes late. Reads the log: ask once. */
	past(): Promise<readonly RunEvent[]>;
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
	list(options?: {
		readonly team?: string | undefined;
		/** At most so many. */
		readonly limit?: number | undefined;
	}): Promise<readonly RunSummary[]>;
	/** The id that a prefix or `last` means; throws when none or several fit. */
	resolve(reference: string): Promise<string>;
	/** Attaches to a run, whoever owns it. */
	open(run: string, signal: AbortSignal): Promise<Run>;
	/** Whether a process works on it right now. */
	isLive(run: string): Promise<boolean>;
};

/** How a replay goes on. Speed 1 is as it happened. */
export type ReplayControls = {
	pause(): void;
	unpause(): void;
	setSpeed(speed: number): void;
	/** Goes to the state after the event of that number, forward or back. */
	jump(seq: number): Promise<void>;
	position(): {
		readonly seq: number;
		readonly last: number;
		readonly speed: number;
		readonly paused: boolean;
	};
};

/** A recorded run that is played again. */
export type Replay = Run & {
	readonly controls: ReplayControls;
	/**
	 * Calls the listener after each jump, with the events up to the new place (these are not told to
	 * other listeners); returns how to stop.
	 */
	onReset(listener: (past: readonly RunEvent[]) => void): () => void;
};
