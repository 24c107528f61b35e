import {type FileHandle, open} from 'node:fs/promises';
import {StoreError} from '../../core/store-error.ts';
import {decodeLog, type LogPart, type LogPosition, logStart} from './decode-log.ts';

/**
 * Reads a log file from a position to its end. An incomplete last line is left out; any other
 * damage rejects with a `StoreError` that names line and byte.
 */
export async function readLogFile(path: string, from: LogPosition): Promise<LogPart> {
	const file = await open(path, 'r');
	try {
		return decodeLog(await readToEnd(file, from.offset, path), from, path);
	} finally {
		await file.close();
	}
}

/**
 * Reads a whole log file like `readLogFile`. Rejects with a `StoreError` if no event is left: a run starts
 * with one.
 */
export async function readWholeLog(path: string): Promise<LogPart> {
	const log = await readLogFile(path, logStart);
	if (log.events.length === 0) {
		throw new StoreError('damaged', `${path} contains no complete event`, {
			hint: 'Restore the file from a backup, or remove the folder of the run.',
		});
	}

	return log;
}

async function readToEnd(file: FileHandle, offset: number, path: string): Promise<Buffer> {
	const {size} = await file.stat();
	if (size < offset) {
		throw new StoreError('damaged', `${path} shrank while it was being read`);
	}

	const bytes = Buffer.allocUnsafe(size - offset);
	let filled = 0;
	while (filled < bytes.length) {
		const {bytesRead} = await file.read(bytes, filled, bytes.length - filled, offset + filled);
		if (bytesRead === 0) {
			break;
		}
		filled += bytesRead;
	}

	return bytes.subarray(0, filled);
}
