import {blobName} from '../../core/payload.ts';
import {randomUUID} from 'node:crypto';
import {closeSync, openSync, renameSync, rmSync} from 'node:fs';
import {open, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {writeAll} from './durable-file.ts';
import type {StoreFileSystem} from './file-system.ts';
import {hasCode} from '../store-errors.ts';

/** Texts in files named by their content. */
export type BlobFolder = {
	/**
	 * Writes the text immediately, so that it survives a crash of the process, but not yet of the
	 * machine.
	 */
	readonly put: (hash: string, text: string) => void;
	/** Makes durable what was put before, files first, then their names. */
	readonly sync: () => Promise<void>;
};

/**
 * The writer's side of the folder `directory`, which exists. `found`: blobs of an earlier process,
 * the last of which may be incomplete or not durable.
 */
export function createBlobFolder(
	directory: string,
	found: readonly string[],
	fileSystem: StoreFileSystem,
): BlobFolder {
	const put = new Set<string>();
	let unsynced = [...found];

	return {
		put(hash, text) {
			if (put.has(hash)) {
				return;
			}
			replaceFile(join(directory, hash), text, fileSystem);
			put.add(hash);
			unsynced.push(hash);
		},
		async sync() {
			const hashes = unsynced;
			unsynced = [];
			for (const hash of hashes) {
				await syncFile(join(directory, hash), fileSystem);
			}
			if (hashes.length > 0) {
				await fileSystem.syncDirectory(directory);
			}
		},
	};
}

/** The names of the blobs in a folder. */
export async function listBlobs(directory: string): Promise<readonly string[]> {
	return (await readdir(directory)).filter(isBlobName);
}

/** A blob's text; `undefined` if it is missing or does not match its name. */
export async function readBlobFile(directory: string, hash: string): Promise<string | undefined> {
	if (!isBlobName(hash)) {
		return undefined;
	}
	try {
		const text = await readFile(join(directory, hash), 'utf8');
		return blobName(text) === hash ? text : undefined;
	} catch (error) {
		if (hasCode(error, 'ENOENT')) {
			return undefined;
		}
		throw error;
	}
}

function isBlobName(name: string): boolean {
	return /^[0-9a-f]{64}$/.test(name);
}

function replaceFile(path: string, text: string, fileSystem: StoreFileSystem): void {
	const draft = `${path}.${randomUUID()}`;
	try {
		const file = openSync(draft, 'wx', 0o600);
		try {
			writeAll(file, Buffer.from(text), fileSystem);
		} finally {
			closeSync(file);
		}

		renameSync(draft, path);
	} catch (error) {
		rmSync(draft, {force: true});
		throw error;
	}
}

async function syncFile(path: string, fileSystem: StoreFileSystem): Promise<void> {
	const file = await open(path, 'r+');
	try {
		await fileSystem.datasync(file.fd);
	} finally {
		await file.close();
	}
}
