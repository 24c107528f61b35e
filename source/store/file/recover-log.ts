import {appendFile, open, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import type {RunEvent} from '../../core/run-event.ts';
import type {LogPosition} from './decode-log.ts';
import {readWholeLog} from './event-log.ts';
import type {StoreFileSystem} from './file-system.ts';
import {logName} from './run-folder.ts';

/**
 * Reads the log in `directory` for its next writer, who holds the lock. A torn tail left by a crash
 * is saved in `events.jsonl.torn` and removed from the log.
 */
export async function recoverLog(
	directory: string,
	fileSystem: StoreFileSystem,
	warn: (message: string) => void,
): Promise<{readonly events: readonly RunEvent[]; readonly end: LogPosition}> {
	const path = join(directory, logName);
	const {events, end, torn} = await readWholeLog(path);
	if (torn.length > 0) {
		await saveTorn(`${path}.torn`, torn, fileSystem);
		await truncate(path, end.offset);
		warn(`the last line of ${path} was incomplete; it was moved to ${path}.torn`);
	}

	return {events, end};
}

async function saveTorn(path: string, torn: Buffer, fileSystem: StoreFileSystem): Promise<void> {
	await appendFile(path, torn, {mode: 0o600});
	const file = await open(path, 'r+');
	try {
		await fileSystem.datasync(file.fd);
	} finally {
		await file.close();
	}
}
