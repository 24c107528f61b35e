import type {SteeringCommand} from './steering-command.ts';
import type {RunEvent} from './run-event.ts';
import type {Payload} from './payload.ts';
import type {RunReport} from './run-report.ts';
import type {RunState} from './run-state.ts';
import type {RunSummary} from './run-summary.ts';

/** The result of a command: accepted by the run's owner, refused with a reason, or still queued. */
export type Receipt =
	| {readonly kind: 'taken'}
	| {readonly kind: 'refused'; readonly reason: string}
	| {readonly kind: 'queued'};

/** A live piece of an agent's output; never logged, lost if nobody listens. */
export type AgentDelta = {
	readonly agent: string;
	readonly kind: 'text' | 'thinking' | 'output';
	readonly text: string;
	/** ISO time, if it arrives separately from the events: from another process. */
	readonly time?: string | undefined;
};

/** A piece of an agent's output, as stored for viewers. */
export type TranscriptLine = {
	/** Wall clock, ISO 8601 with milliseconds. */
	readonly time: string;
	readonly kind: 'text' | 'thinking';
	readonly text: string;
};

/** Receives an event and the state after it. */
export type RunListener = (event: RunEvent, state: RunState) => void;

/**
 * What a view knows of a run, in this process or in another: its state, its events, and how to send
 * it commands.
 */
export type Run = {
	readonly id: string;
	/** The state as of the last event. Owned by the run: don't keep it. */
	state(): RunState;
	/** Calls the listener after each new event; returns a function to unsubscribe. */
	subscribe(listener: RunListener): () => void;
	/** Streams the agents' live output from now on; returns a function to unsubscribe. */
	watch(listener: (delta: AgentDelta) => void): () => void;
	/**
	 * An agent's output so far, for a view that attaches late. Lines may be missing after a crash.
	 */
	transcript(agent: string): Promise<readonly TranscriptLine[]>;
	/** Sends a command. Waits at most 5 s for the receipt. */
	send(command: SteeringCommand): Promise<Receipt>;
	/**
	 * The events after number `after` (default 0: all of them), for a reader that comes late or reconnects.
	 * Reads the log: call once, then subscribe.
	 */
	events(after?: number): Promise<readonly RunEvent[]>;
	/** The text of a payload, or a note in brackets if its blob is missing. */
	read(payload: Payload): Promise<string>;
	/** The final report of this invocation. */
	readonly done: Promise<RunReport>;
};

/** A run of this process. It continues without a view. */
export type OwnedRun = Run & {
	/** Stops the run so that it can be resumed, for example on SIGINT or SIGTERM. */
	stop(outcome: 'interrupted' | 'terminated', reason: string): void;
};

/** The stored runs, for views. */
export type RunCatalog = {
	/** Most recently started first. */
	list(options?: {
		readonly team?: string | undefined;
		/** At most this many. */
		readonly limit?: number | undefined;
	}): Promise<readonly RunSummary[]>;
	/** The id that a prefix or `last` refers to; throws if none or several match. */
	resolve(reference: string): Promise<string>;
	/** Attaches to a run, whether or not this process owns it. */
	open(run: string, signal: AbortSignal): Promise<Run>;
	/** Whether a process owns it right now. */
	isLive(run: string): Promise<boolean>;
};

/** Playback controls of a replay. Speed 1 is real time. */
export type ReplayControls = {
	pause(): void;
	unpause(): void;
	setSpeed(speed: number): void;
	/** Jumps to the state after the event with this number, forward or back. */
	jump(seq: number): Promise<void>;
	position(): {
		readonly seq: number;
		readonly last: number;
		readonly speed: number;
		readonly paused: boolean;
	};
};

/** A recorded run that is played back. */
export type Replay = Run & {
	readonly controls: ReplayControls;
	/**
	 * Calls the listener after each jump with the events up to the new position, which other
	 * listeners don't receive; returns a function to unsubscribe.
	 */
	onReset(listener: (past: readonly RunEvent[]) => void): () => void;
};
