import type {SteeringCommand} from '../core/steering-command.ts';
import type {Json} from '../core/json.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {TranscriptLine} from '../core/run.ts';

/** Another process or machine owns this run. */
export class RunHeldError extends Error {
	override readonly name = 'RunHeldError';
	readonly owner: RunOwner;
	/** Whether the owner may be gone, but that cannot be determined from here (another machine). */
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

/** The owner of a run: a process, or whatever else a store allows to own one. */
export type RunOwner = {
	/** For people: `process 4711 on myhost`. */
	readonly name: string;
};

/** An inbox entry: a command, or a malformed file. `id` is the receipt's name. */
export type InboxEntry =
	| {readonly id: string; readonly command: SteeringCommand}
	| {readonly id: string; readonly problem: string};

/** Commands from outside to the run's only writer. */
export type Inbox = {
	/**
	 * Pending entries, oldest first. Malformed files are moved aside and returned once, with their
	 * problem.
	 */
	take(): Promise<readonly InboxEntry[]>;
	/** Removes an entry, once its event is durable. */
	remove(id: string): Promise<void>;
	/**
	 * Calls `wake` whenever there may be new entries, until aborted. Only a hint: read them with
	 * `take`.
	 */
	watch(wake: () => void, signal: AbortSignal): void;
};

/**
 * The log of one run, held by its only writer.
 *
 * `append` and `putBlob` return without waiting for the disk. A failed write or sync is remembered:
 * the next `barrier` (and every later one) rejects with that `StoreError`, and nothing more is
 * written.
 */
export type RunLog = {
	readonly run: string;
	/** The epoch that this writer owns. */
	readonly epoch: number;
	/** Queues an event. Its `seq` must follow the last one. */
	append(event: RunEvent): void;
	/** Resolves once everything appended and put before is durable: blobs first, then the log. */
	barrier(): Promise<void>;
	/** Stores text under its SHA-256 (hex), which is returned. Equal texts are stored once. */
	putBlob(text: string): string;
	/** A blob's text; `undefined` if it is missing or does not match its name. */
	readBlob(hash: string): Promise<string | undefined>;
	/** Live output for an agent's viewers: unsynced, dropped if the write fails. */
	transcribe(agent: string, kind: TranscriptLine['kind'], text: string): void;
	/** An agent's complete transcript, including what is not written yet. */
	readTranscript(agent: string): Promise<readonly TranscriptLine[]>;
	readonly inbox: Inbox;
	/**
	 * Aborted with a `StoreError` (`superseded`) when this writer loses the run: another one took
	 * over, or a lease expired. If ownership is a lease, the store renews it until `close`.
	 */
	readonly lost: AbortSignal;
	/** Makes everything durable and releases the run. */
	close(): Promise<void>;
};

export type RunInfo = {
	readonly run: string;
	/** Time of the last change, ms since 1970. */
	readonly changedAt: number;
	/** Opaque; changes whenever the log does. */
	readonly version: string;
};

/** A value derived from a version of the log: a cache that can be rebuilt by reading the log. */
export type IndexEntry = {readonly version: string; readonly value: Json};

/** Events in order, and whether a torn tail was dropped. */
export type ReadLog = {readonly events: readonly RunEvent[]; readonly torn: boolean};

/** Where runs are stored. Every store fulfills the contracts of `test/conformance/store.ts`. */
export type Store = {
	/** Where a person finds the run, for display only: a path or an address. */
	addressOf(run: string): string;
	/**
	 * Creates a run with the event `first` (its `run-started`, seq 1). It is durable when the
	 * promise resolves, and invisible before. `blobs` are stored with it. Rejects if the id is
	 * taken.
	 */
	create(first: RunEvent, blobs: readonly string[]): Promise<RunLog>;
	/**
	 * Becomes the writer of a run. A torn tail is moved aside; a damaged line in the middle rejects
	 * with a `StoreError` that names line and byte. Rejects with `RunHeldError` if another live
	 * process owns it; `takeOver` allows replacing a process on another machine.
	 */
	open(
		run: string,
		options: {readonly takeOver: boolean},
	): Promise<{log: RunLog; events: readonly RunEvent[]}>;
	/** Reads without owning: from the event after `after` (0: from the start). */
	read(run: string, after?: number): Promise<ReadLog>;
	readBlob(run: string, hash: string): Promise<string | undefined>;
	/** The events after `after`, then each new one, until aborted. */
	follow(run: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent>;
	/** The stored transcript of an agent; invalid lines are skipped. */
	readTranscript(run: string, agent: string): Promise<readonly TranscriptLine[]>;
	/** An agent's output from the first `next` on, until aborted. */
	followTranscript(run: string, agent: string, signal: AbortSignal): AsyncIterable<TranscriptLine>;
	/** Puts a command into a run's inbox, durably; returns the receipt's id. */
	post(run: string, command: SteeringCommand): Promise<string>;
	/** The live owner of a run, or `undefined` if there is none. */
	owner(run: string): Promise<RunOwner | undefined>;
	/** All runs, most recently changed first. */
	list(): Promise<readonly RunInfo[]>;
	/** The entry that `writeIndex` stored; `undefined` if it is missing or unreadable. */
	readIndex(run: string): Promise<IndexEntry | undefined>;
	/** Replaces the index entry. It is only a cache, so it is not synced. */
	writeIndex(run: string, entry: IndexEntry): Promise<void>;
	/** Closes all open logs, ends all followers, and releases connections. */
	close(): Promise<void>;
};
