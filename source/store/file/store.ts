import type {Stats} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {readBlobFile} from './blob-folder.ts';
import type {LogPosition} from './decode-log.ts';
import {readWholeLog} from './event-log.ts';
import {createFileRunLog} from './run-log.ts';
import {nodeFileSystem, type StoreFileSystem} from './file-system.ts';
import {followLog} from './follow-log.ts';
import {createProcessIdentity, processOwner, type ProcessIdentity} from './identity.ts';
import {readIndexFile, writeIndexFile} from './index-file.ts';
import {createCommandIds, postCommand} from './inbox.ts';
import {claimLock, closeLock, createLock, readNewestLock} from './lock.ts';
import {recoverLog} from './recover-log.ts';
import type {Redact} from '../../core/redact.ts';
import {createRunFolder, logName, makeSubfolders} from './run-folder.ts';
import {checkedRunName, isRunName} from '../run-name.ts';
import {hasCode, withStoreErrors} from '../store-errors.ts';
import {StoreError} from '../../core/store-error.ts';
import type {RunInfo, RunLog, Store} from '../store.ts';
import {
	followTranscriptFile,
	readTranscriptFile,
	transcriptEnd,
	transcriptPath,
} from './transcript-reader.ts';

export type FileStoreOptions = {
	/** The folder of all runs; created with the first one, mode 0700. */
	readonly directory: string;
	/** Final redaction of secrets in logs, blobs and transcripts. */
	readonly redact: Redact;
	/** Identity of this process as a run's owner. Default: detected from the system. */
	readonly identity?: ProcessIdentity;
	/** Called with one sentence about each automatic repair. Default: ignored. */
	readonly warn?: (message: string) => void;
	readonly fileSystem?: StoreFileSystem;
	/** Wall clock, ms since 1970. */
	readonly now?: () => number;
	/**
	 * Polling interval for logs and inboxes, as a fallback for notifications, in ms. Default: 1000.
	 */
	readonly pollMs?: number;
};

/** Runs as folders of plain files, for one machine. */
export function createFileStore({
	directory: runs,
	redact,
	identity = createProcessIdentity(),
	warn = () => undefined,
	fileSystem = nodeFileSystem,
	now = Date.now,
	pollMs = 1000,
}: FileStoreOptions): Store {
	const watchOptions = {fileSystem, pollMs};
	const nextCommandId = createCommandIds(now);
	const folderOf = (run: string) => join(runs, checkedRunName(run));
	const closing = new AbortController();
	const openLogs = new Set<RunLog>();

	async function openLog(run: string, epoch: number, end: LogPosition): Promise<RunLog> {
		const options = {...watchOptions, redact, now, warn};
		const log = await createFileRunLog(run, folderOf(run), epoch, end, options);
		openLogs.add(log);
		return log;
	}

	async function withRun<Result>(
		description: string,
		run: string,
		action: (directory: string) => Promise<Result>,
	): Promise<Result> {
		return withStoreErrors(`${description} run ${run}`, async () => {
			const directory = folderOf(run);
			closing.signal.throwIfAborted();
			await checkExists(directory, run);
			return action(directory);
		});
	}

	function untilClosed(signal: AbortSignal): AbortSignal {
		return AbortSignal.any([signal, closing.signal]);
	}

	/** The epoch of the next events, for the holder of `epoch`. */
	async function epochAfter(last: number, epoch: number, run: string): Promise<number> {
		if (last < epoch) {
			return epoch;
		}
		// The locks were lost, for example because only the log was restored: use its epochs.
		if (await createLock(folderOf(run), last + 1, identity.self(), fileSystem)) {
			return last + 1;
		}
		throw new StoreError('superseded', `another process has taken over run ${run}`);
	}

	return {
		addressOf: folderOf,
		create: (first, blobs) =>
			withStoreErrors(`create run ${first.run}`, async () => {
				const directory = folderOf(first.run);
				closing.signal.throwIfAborted();
				const owner = identity.self();
				await createRunFolder({runs, first, blobs, owner, redact, fileSystem});
				const {end} = await readWholeLog(join(directory, logName));
				return openLog(first.run, end.epoch, end);
			}),
		open: (run, {takeOver}) =>
			withRun('open', run, async directory => {
				let epoch = await claimLock({directory, run, identity, takeOver, fileSystem});
				try {
					await makeSubfolders(directory);
					const {events, end} = await recoverLog(directory, fileSystem, warn);
					epoch = await epochAfter(end.epoch, epoch, run);
					return {log: await openLog(run, epoch, end), events};
				} catch (error) {
					await closeLock(directory, epoch, fileSystem).catch(() => undefined);
					throw error;
				}
			}),
		read: (run, after = 0) =>
			withRun('read', run, async directory => {
				const {events, torn} = await readWholeLog(join(directory, logName));
				return {events: after > 0 ? events.slice(after) : events, torn: torn.length > 0};
			}),
		readBlob: (run, hash) =>
			withRun('read', run, directory => readBlobFile(join(directory, 'blobs'), hash)),
		async *follow(run, after, signal) {
			const directory = await withRun('follow', run, async found => found);
			yield* followLog(directory, after, untilClosed(signal), watchOptions);
		},
		readTranscript: (run, agent) =>
			withRun('read', run, directory => readTranscriptFile(transcriptPath(directory, agent))),
		async *followTranscript(run, agent, signal) {
			const path = transcriptPath(folderOf(run), agent);
			const end = transcriptEnd(path);
			const directory = await withRun('follow', run, async found => found);
			yield* followTranscriptFile(directory, path, end, untilClosed(signal), watchOptions);
		},
		post: (run, command) =>
			withRun('send to', run, async directory => {
				const id = nextCommandId();
				await postCommand(join(directory, 'inbox'), id, command, fileSystem);
				return id;
			}),
		owner: run =>
			withRun('inspect', run, async directory => {
				const lock = await readNewestLock(directory);
				const held = lock && !lock.closed && identity.stateOf(lock.owner) !== 'dead';
				return held ? processOwner(lock.owner) : undefined;
			}),
		list: () => withStoreErrors('list runs', () => listRuns(runs)),
		readIndex: run => withRun('read', run, readIndexFile),
		writeIndex: (run, entry) =>
			withRun('index', run, directory => writeIndexFile(directory, entry)),
		async close() {
			closing.abort(new Error('the store is closed'));
			await Promise.all([...openLogs].map(log => log.close()));
		},
	};
}

async function checkExists(directory: string, run: string): Promise<void> {
	if (await statOf(join(directory, logName))) {
		return;
	}
	throw new StoreError('missing', `unknown run ${run} (${directory})`, {
		hint: '`llm-orchestrator runs` lists the runs.',
	});
}

async function listRuns(runs: string): Promise<readonly RunInfo[]> {
	const names = await readdir(runs).catch((error: unknown) => {
		if (hasCode(error, 'ENOENT')) {
			return [];
		}
		throw error;
	});
	const found: RunInfo[] = [];
	for (const run of names.filter(isRunName)) {
		const log = await statOf(join(runs, run, logName));
		if (log) {
			found.push({run, changedAt: log.mtimeMs, version: `${log.size}-${log.mtimeMs}`});
		}
	}

	return found.sort((a, b) => b.changedAt - a.changedAt);
}

async function statOf(path: string): Promise<Stats | undefined> {
	try {
		return await stat(path);
	} catch (error) {
		if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) {
			return undefined;
		}
		throw error;
	}
}
