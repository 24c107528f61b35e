import type {Stats} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {readBlobFile} from './blob-folder.ts';
import {type LogPlace, logStart, readLogFile} from './event-log.ts';
import {createFileRunLog} from './run-log.ts';
import {nodeFileSystem, type StoreFileSystem} from './file-system.ts';
import {followLog} from './follow-log.ts';
import {createProcessIdentity, processOwner, type ProcessIdentity} from './identity.ts';
import {readIndexFile, writeIndexFile} from './index-file.ts';
import {createCommandIds, postCommand} from './inbox.ts';
import {claimLock, closeLock, placeLock, readNewestLock} from './lock.ts';
import {recoverLog} from './recover-log.ts';
import type {Redact} from '../../core/redact.ts';
import {createRunFolder, logName, makeSubfolders} from './run-folder.ts';
import {checkedRunName, isRunName} from '../run-name.ts';
import {hasCode, reportingProblems} from '../store-problem.ts';
import {StoreError} from '../../core/store-error.ts';
import type {RunInfo, RunLog, Store} from '../store.ts';
import {
	followTranscriptFile,
	readTranscriptFile,
	transcriptEnd,
	transcriptPath,
} from './transcript-reader.ts';

export type FileStoreOptions = {
	/** The folder of all runs; made with the first one, mode 0700. */
	readonly directory: string;
	/** Last net against secrets in logs, blobs and transcripts. */
	readonly redact: Redact;
	/** Who this process is, to hold runs. Default: as the system tells. */
	readonly identity?: ProcessIdentity;
	/** Hears in one sentence what was mended in silence. Default: nobody. */
	readonly warn?: (message: string) => void;
	readonly fileSystem?: StoreFileSystem;
	/** Wall clock, ms since 1970. */
	readonly now?: () => number;
	/** Pause between looks at a log or inbox for which the system gives no hint, in ms. Default: 1000. */
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

	async function logOf(run: string, epoch: number, end: LogPlace): Promise<RunLog> {
		const options = {...watchOptions, redact, now, warn};
		const log = await createFileRunLog(run, folderOf(run), epoch, end, options);
		openLogs.add(log);
		return log;
	}

	async function inRun<Result>(
		attempt: string,
		run: string,
		action: (directory: string) => Promise<Result>,
	): Promise<Result> {
		return reportingProblems(`${attempt} run ${run}`, async () => {
			const directory = folderOf(run);
			closing.signal.throwIfAborted();
			await checkExists(directory, run);
			return action(directory);
		});
	}

	function untilClosed(signal: AbortSignal): AbortSignal {
		return AbortSignal.any([signal, closing.signal]);
	}

	/** The epoch under which the next events count, for the holder of `epoch`. */
	async function epochAfter(last: number, epoch: number, run: string): Promise<number> {
		if (last < epoch) return epoch;
		// The locks got lost, as when only the log was restored: the lines say which epochs there were.
		if (await placeLock(folderOf(run), last + 1, identity.self(), fileSystem)) return last + 1;
		throw new StoreError('superseded', `another process has taken over run ${run}`);
	}

	return {
		addressOf: folderOf,
		create: (first, blobs) =>
			reportingProblems(`create run ${first.run}`, async () => {
				const directory = folderOf(first.run);
				closing.signal.throwIfAborted();
				const owner = identity.self();
				await createRunFolder({runs, first, blobs, owner, redact, fileSystem});
				const {end} = await readLogFile(join(directory, logName), logStart);
				return logOf(first.run, end.epoch, end);
			}),
		open: (run, {takeOver}) =>
			inRun('open', run, async directory => {
				let epoch = await claimLock({directory, run, identity, takeOver, fileSystem});
				try {
					await makeSubfolders(directory);
					const {events, end} = await recoverLog(directory, fileSystem, warn);
					epoch = await epochAfter(end.epoch, epoch, run);
					return {log: await logOf(run, epoch, end), events};
				} catch (error) {
					await closeLock(directory, epoch, fileSystem).catch(() => undefined);
					throw error;
				}
			}),
		read: (run, after = 0) =>
			inRun('read', run, async directory => {
				const {events, torn} = await readLogFile(join(directory, logName), logStart);
				return {events: after > 0 ? events.slice(after) : events, torn: torn.length > 0};
			}),
		readBlob: (run, hash) =>
			inRun('read', run, directory => readBlobFile(join(directory, 'blobs'), hash)),
		async *follow(run, after, signal) {
			const directory = await inRun('follow', run, async found => found);
			yield* followLog(directory, after, untilClosed(signal), watchOptions);
		},
		readTranscript: (run, agent) =>
			inRun('read', run, directory => readTranscriptFile(transcriptPath(directory, agent))),
		async *followTranscript(run, agent, signal) {
			const path = transcriptPath(folderOf(run), agent);
			const end = transcriptEnd(path);
			const directory = await inRun('follow', run, async found => found);
			yield* followTranscriptFile(directory, path, end, untilClosed(signal), watchOptions);
		},
		post: (run, command) =>
			inRun('send to', run, async directory => {
				const id = nextCommandId();
				await postCommand(join(directory, 'inbox'), id, command, fileSystem);
				return id;
			}),
		owner: run =>
			inRun('look at', run, async directory => {
				const lock = await readNewestLock(directory);
				const held = lock && !lock.closed && identity.stateOf(lock.owner) !== 'dead';
				return held ? processOwner(lock.owner) : undefined;
			}),
		list: () => reportingProblems('list runs', () => listRuns(runs)),
		readIndex: run => inRun('read', run, readIndexFile),
		writeIndex: (run, entry) => inRun('index', run, directory => writeIndexFile(directory, entry)),
		async close() {
			closing.abort(new Error('the store is closed'));
			await Promise.all([...openLogs].map(log => log.close()));
		},
	};
}

async function checkExists(directory: string, run: string): Promise<void> {
	if (await statOf(join(directory, logName))) return;
	throw new StoreError('missing', `there is no run ${run} (${directory})`, {
		hint: '`llm-orchestrator runs` lists the runs.',
	});
}

async function listRuns(runs: string): Promise<readonly RunInfo[]> {
	const names = await readdir(runs).catch((error: unknown) => {
		if (hasCode(error, 'ENOENT')) return [];
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
		if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
		throw error;
	}
}
