import {closeSync, openSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import type {StoreFileSystem} from './file-system.ts';

/**
 * Creates a file (mode 0600) whose content is durable when the promise resolves; its directory
 * entry is not.
 */
export async function writeDurably(
	path: string,
	text: string,
	fileSystem: StoreFileSystem,
): Promise<void> {
	const file = openSync(path, 'wx', 0o600);
	try {
		writeAll(file, Buffer.from(text), fileSystem);
		await fileSystem.datasync(file);
	} catch (error) {
		await rm(path, {force: true});
		throw error;
	} finally {
		closeSync(file);
	}
}

/**
 * Writes all bytes. `onProgress` receives the total after each part, so that a failure shows how
 * much was written.
 */
export function writeAll(
	file: number,
	bytes: Uint8Array,
	fileSystem: StoreFileSystem,
	onProgress?: (written: number) => void,
): void {
	for (let written = 0; written < bytes.length;) {
		written += fileSystem.write(file, bytes.subarray(written));
		onProgress?.(written);
	}
}
