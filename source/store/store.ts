import type {RunCommand} from '../core/command.ts';
import type {Json} from '../core/json.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {TranscriptLine} from '../core/run.ts';

/** Another process or machine owns this run. */
export class RunHeldError extends Error {
	override readonly name = 'RunHeldError';
	readonly owner: RunOwner;
	/** Whether the owner may be gone but that cannot be known from here (another machine). */
	readonly unknown: boolean;

	constructor(run: string, owner: RunOwner, unknown: boolean) {
		super(
			unknown
				? `run ${run} is held by ${owner.name}; whether it is still alive cannot be checked from this machine`
				: `run ${run} is held by ${owner.name}`,
		);
		this.owner = owner;
		this.unknown = unknown;
	}
}

/** Who owns a run: a process of this machine, or whatever else a store lets own one. */
export type RunOwner = {
	/** For people: `process 4711 on myhost`. */
	readonly name: string;
};

/** An entry of the inbox: a command, or a file that is none. `id` is the receipt's name. */
export type InboxEntry =
	| {readonly id: string; readonly command: RunCommand}
	| {readonly id: string; readonly problem: string};

/** Commands from outside to the one writer of a run. */
export type Inbox = {
	/** What waits, oldest first. Malformed files are moved aside and come once, with their problem. */
	take(): Promise<readonly InboxEntry[]>;
	/** Takes an entry away, after its event is durable. */
	remove(id: string): Promise<void>;
	/** Calls `wake` whenever something may have come, until aborted. Hints only: read with `take`. */
	watch(wake: () => void, signal: AbortSignal): void;
};

/**
 * The log of one run in the hands of its one writer.
 *
 * `append` and `putBlob` go on without waiting for the disk. A failed write or sync is remembered:
 * the next `barrier` (and every later one) rejects with that `StoreError`, and nothing more is written.
 */
export type RunLog = {
	readonly run: string;
	/** The epoch that this writer owns. */
	readonly epoch: number;
	/** Queues an event. Its `seq` must be the one after the last. */
	append(event: RunEvent): void;
	/** Resolves when all that was appended and put before is durable: blobs first, then the log. */
	barrier(): Promise<void>;
	/** Keeps text under its SHA-256 (hex), which is returned. The same text is kept once. */
	putBlob(text: string): string;
	/** A blob's text; `undefined` when it is missing or does not match its name. */
	readBlob(hash: string): Promise<string | undefined>;
	/** A live piece of text for viewers of an agent: unsynced, dropped when the disk refuses. */
	transcribe(agent: string, kind: TranscriptLine['kind'], text: string): void;
	/** All that was transcribed of an agent, what has not reached the disk yet included. */
	readTranscript(agent: string): Promise<readonly TranscriptLine[]>;
	readonly inbox: Inbox;
	/**
	 * Aborted with a `StoreError` (`superseded`) when this writer no longer owns the run: another one took
	 * over, or a lease ran out. Where owning is a lease, the store renews it until `close`.
	 */
	readonly lost: AbortSignal;
	/** Makes everything durable and gives up the run. */
	close(): Promise<void>;
};

export type RunInfo = {
	readonly run: string;
	/** Time of the last change, ms since 1970. */
	readonly changedAt: number;
	/** Opaque; equal as long as the log did not change. */
	readonly version: string;
};

/** What was derived from a log at some version of it. Losing it costs only reading the log again. */
export type IndexEntry = {readonly version: string; readonly value: Json};

/** What was read of a log: events in order, and whether a torn tail was left out. */
export type ReadLog = {readonly events: readonly RunEvent[]; readonly torn: boolean};

/** Where runs live. Every store keeps the contracts of `test/conformance/store.ts`. */
export type Store = {
	/** Where a person finds the run, for display only: a path or an address. */
	addressOf(run: string): string;
	/**
	 * Makes a run that holds `first` (its `run-started`, seq 1), durable when the promise resolves;
	 * before that, nobody sees any of it. `blobs` are kept with it. Rejects when the id is taken.
	 */
	create(first: RunEvent, blobs: readonly string[]): Promise<RunLog>;
	/**
	 * Becomes the writer of a run. A torn tail is moved aside; a damaged line in the middle rejects
	 * with a `StoreError` that names line and byte. Rejects with `RunHeldError` when another live
	 * process writes it; `takeOver` allows to succeed a process of another machine.
	 */
	open(
		run: string,
		options: {readonly takeOver: boolean},
	): Promise<{log: RunLog; events: readonly RunEvent[]}>;
	/** Reads without owning: from the event after `after` (0: from the start). */
	read(run: string, after?: number): Promise<ReadLog>;
	readBlob(run: string, hash: string): Promise<string | undefined>;
	/** The events after `after`, then each new one as it comes, until aborted. */
	follow(run: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent>;
	/** What an agent has said, as far as it was kept; lines that are none are left out. */
	readTranscript(run: string, agent: string): Promise<readonly TranscriptLine[]>;
	/** What an agent says from the first `next` on, until aborted. */
	followTranscript(run: string, agent: string, signal: AbortSignal): AsyncIterable<TranscriptLine>;
	/** Puts a command into a run's inbox, durably; returns the receipt's id. */
	post(run: string, command: RunCommand): Promise<string>;
	/** The live owner of a run, or `undefined` when nobody writes it. */
	owner(run: string): Promise<RunOwner | undefined>;
	/** All runs, the last changed first. */
	list(): Promise<readonly RunInfo[]>;
	/** What `writeIndex` kept of a run; `undefined` when nothing readable was kept. */
	readIndex(run: string): Promise<IndexEntry | undefined>;
	/** Keeps an entry in place of the one before. It is a cache: nothing is synced. */
	writeIndex(run: string, entry: IndexEntry): Promise<void>;
	/** Closes the logs that this store opened, ends what follows, and releases connections. */
	close(): Promise<void>;
};
