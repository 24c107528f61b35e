import {closeSync, openSync} from 'node:fs';
import {join} from 'node:path';
import {blobName} from '../../core/payload.ts';
import {createBlobFolder, listBlobs, readBlobFile} from './blob-folder.ts';
import type {LogPosition} from './decode-log.ts';
import {createInbox} from './inbox.ts';
import {closeLock, isSuperseded} from './lock.ts';
import {createLogWriter} from './log-writer.ts';
import type {Redact} from '../../core/redact.ts';
import {logName} from './run-folder.ts';
import type {RunLog} from '../store.ts';
import {readTranscriptFile, transcriptPath} from './transcript-reader.ts';
import {createTranscripts} from './transcripts.ts';
import type {WatchOptions} from './watch-folder.ts';
import type {StoreFileSystem} from './file-system.ts';

/**
 * The log of the run in `directory`, whose lock of `epoch` this process holds. `end` is its last
 * event.
 */
export async function createFileRunLog(
	run: string,
	directory: string,
	epoch: number,
	end: LogPosition,
	options: WatchOptions & {
		readonly fileSystem: StoreFileSystem;
		readonly redact: Redact;
		readonly now: () => number;
		readonly warn: (message: string) => void;
	},
): Promise<RunLog> {
	const {fileSystem, redact} = options;
	const blobFolder = join(directory, 'blobs');
	const blobs = createBlobFolder(blobFolder, await listBlobs(blobFolder), fileSystem);
	const transcripts = createTranscripts(join(directory, 'transcripts'), options);
	const lost = new AbortController();
	const file = openSync(join(directory, logName), 'a', 0o600);
	const writer = createLogWriter({
		run,
		epoch,
		seq: end.seq,
		file,
		size: end.offset,
		redact,
		fileSystem,
		isSuperseded: () => isSuperseded(directory, epoch),
		onLost(error) {
			lost.abort(error);
		},
		syncBefore: blobs.sync,
	});
	let closing: Promise<void> | undefined;

	async function close(): Promise<void> {
		try {
			await writer.barrier();
		} finally {
			closeSync(file);
			await transcripts.flush();
			await closeLock(directory, epoch, fileSystem).catch((error: unknown) => {
				options.warn(`run ${run} stays locked until this process ends: ${String(error)}`);
			});
		}
	}

	function checkOpen(): void {
		if (closing) {
			throw new Error(`run ${run} is closed`);
		}
	}

	return {
		run,
		epoch,
		append(event) {
			checkOpen();
			writer.append(event);
		},
		async barrier() {
			checkOpen();
			await writer.barrier();
		},
		putBlob(text) {
			checkOpen();
			const kept = redact(text);
			const hash = blobName(kept);
			writer.alongside(`store a blob of run ${run}`, () => {
				blobs.put(hash, kept);
			});
			return hash;
		},
		readBlob: hash => readBlobFile(blobFolder, hash),
		transcribe(agent, kind, text) {
			if (!closing) {
				transcripts.add(agent, kind, text);
			}
		},
		async readTranscript(agent) {
			await transcripts.flush();
			return readTranscriptFile(transcriptPath(directory, agent));
		},
		inbox: createInbox(join(directory, 'inbox'), options),
		lost: lost.signal,
		close: () => (closing ??= close()),
	};
}
