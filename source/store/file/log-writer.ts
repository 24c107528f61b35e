import type {RunEvent} from '../../core/run-event.ts';
import {writeAll} from './durable-file.ts';
import {encodeEventLine} from '../log-line.ts';
import type {StoreFileSystem} from './file-system.ts';
import type {Redact} from '../../core/redact.ts';
import {isOutOfSpace, toStoreError} from '../store-errors.ts';
import {StoreError} from '../../core/store-error.ts';

/** Appends events to an open log file; see `RunLog` for the contract. */
export type LogWriter = {
	readonly append: (event: RunEvent) => void;
	readonly barrier: () => Promise<void>;
	/**
	 * Runs an action on other files of the run. Its failure becomes the writer's; after a failure
	 * it doesn't run.
	 */
	readonly alongside: (description: string, action: () => void) => void;
};

/**
 * Lines are batched until the end of the event loop turn; `barrier` writes them at once. Concurrent
 * callers of `barrier` share syncs: those that arrive during one wait for the next.
 */
export function createLogWriter(options: {
	readonly run: string;
	readonly epoch: number;
	/** `seq` of the last event in the file. */
	readonly seq: number;
	/** The log, open for appending, and its size in bytes. */
	readonly file: number;
	readonly size: number;
	readonly redact: Redact;
	readonly fileSystem: StoreFileSystem;
	/** Whether another writer has taken over the run. */
	readonly isSuperseded: () => boolean;
	/** Called once when another writer has taken over the run. */
	readonly onLost: (error: StoreError) => void;
	/** Makes durable what the lines refer to. */
	readonly syncBefore: () => Promise<void>;
}): LogWriter {
	const {run, epoch, file, fileSystem} = options;
	let {seq, size} = options;
	let lines: string[] = [];
	let flushing: NodeJS.Immediate | undefined;
	// The last writes of an earlier process may not be durable either.
	let unsynced = true;
	let failure: StoreError | undefined;
	let currentSync: Promise<void> = Promise.resolve();
	let nextSync: Promise<void> | undefined;

	function append(event: RunEvent): void {
		checkSequence(event);
		seq += 1;
		if (failure) {
			return;
		}
		lines.push(encodeEventLine(event, options.redact));
		flushing ??= setImmediate(flush);
	}

	function checkSequence(event: RunEvent): void {
		if (event.seq === seq + 1 && event.run === run && event.epoch === epoch) {
			return;
		}
		throw new Error(
			`event ${event.seq} of run ${event.run}, epoch ${event.epoch}, cannot follow event ${seq} of run ${run}, epoch ${epoch}`,
		);
	}

	function barrier(): Promise<void> {
		nextSync ??= currentSync.then(() => {
			nextSync = undefined;
			const sync = synchronize();
			currentSync = sync.catch(() => undefined);
			return sync;
		});
		return nextSync;
	}

	async function synchronize(): Promise<void> {
		flush();
		await unlessFailed(options.syncBefore);
		await unlessFailed(async () => {
			if (!unsynced) {
				return;
			}
			unsynced = false;
			await fileSystem.datasync(file);
		});
		// Only if there is no successor by now, every successor will read these lines.
		checkSuperseded();
		if (failure) {
			throw failure;
		}
	}

	async function unlessFailed(sync: () => Promise<void>): Promise<void> {
		if (failure) {
			return;
		}
		try {
			await sync();
		} catch (error) {
			failure ??= syncProblem(run, error);
		}
	}

	function flush(): void {
		clearImmediate(flushing);
		flushing = undefined;
		checkSuperseded();
		if (failure || lines.length === 0) {
			return;
		}
		const bytes = Buffer.from(lines.join(''));
		lines = [];
		writeLines(bytes);
	}

	function checkSuperseded(): void {
		if (failure || !options.isSuperseded()) {
			return;
		}
		failure = new StoreError('superseded', `another process has taken over run ${run}`, {
			hint: `See what it does with \`llm-orchestrator attach ${run}\`.`,
		});
		options.onLost(failure);
	}

	function writeLines(bytes: Buffer): void {
		let written = 0;
		unsynced = true;
		try {
			writeAll(file, bytes, fileSystem, sum => {
				written = sum;
			});
			size += written;
		} catch (error) {
			failure = toStoreError(`write the log of run ${run}`, error);
			if (isOutOfSpace(error)) {
				truncateTo(size + endOfLastLine(bytes, written));
			}
		}
	}

	function truncateTo(end: number): void {
		try {
			fileSystem.truncate(file, end);
		} catch {
			// The torn line stays; opening the run moves it aside.
		}
	}

	function alongside(description: string, action: () => void): void {
		if (failure) {
			return;
		}
		try {
			action();
		} catch (error) {
			failure = toStoreError(description, error);
		}
	}

	return {append, barrier, alongside};
}

const newline = 0x0a;

/** Complete lines stay if disk space runs out: followers may have read them. */
function endOfLastLine(bytes: Buffer, written: number): number {
	return written === 0 ? 0 : bytes.lastIndexOf(newline, written - 1) + 1;
}

/** After a failed sync, the state of the disk is unknown, whatever the reason. */
function syncProblem(run: string, cause: unknown): StoreError {
	return new StoreError('io', `cannot make the log of run ${run} durable: ${String(cause)}`, {
		cause,
		hint: 'Check the disk, then `llm-orchestrator resume` the run.',
	});
}
