import {nodeFileSystem, type StoreFileSystem} from '../../source/store/file/file-system.ts';

/** A disk that is never waited for: for tests that need no durability. */
export const unsyncedFileSystem: StoreFileSystem = {
	...nodeFileSystem,
	datasync: async () => undefined,
	syncDirectory: async () => undefined,
};

/** An error as the system gives it. */
export function systemError(code: 'ENOSPC' | 'EIO'): Error {
	return Object.assign(new Error(`${code}: from the test`), {code});
}

/** A disk that a test can fill, break and hold up. */
export function createFaultyDisk() {
	const calls: string[] = [];
	const disk: StoreFileSystem & {
		/** Operations in their order: `write`, `truncate`, `datasync`, `syncDirectory`. */
		readonly calls: string[];
		/** Bytes that still fit; more gives ENOSPC after what fits. */
		room: number;
		writeError: Error | undefined;
		syncError: Error | undefined;
		/** While set, syncs wait for it. */
		gate: Promise<void> | undefined;
	} = {
		calls,
		room: Number.POSITIVE_INFINITY,
		writeError: undefined,
		syncError: undefined,
		gate: undefined,
		write(file, bytes) {
			calls.push('write');
			if (disk.writeError) {
				throw disk.writeError;
			}
			if (disk.room === 0) {
				throw systemError('ENOSPC');
			}
			const written = nodeFileSystem.write(
				file,
				bytes.subarray(0, Math.min(bytes.length, disk.room)),
			);
			disk.room -= written;
			return written;
		},
		truncate(file, size) {
			calls.push('truncate');
			nodeFileSystem.truncate(file, size);
		},
		async datasync() {
			calls.push('datasync');
			await disk.gate;
			if (disk.syncError) {
				throw disk.syncError;
			}
		},
		async syncDirectory() {
			calls.push('syncDirectory');
			await disk.gate;
			if (disk.syncError) {
				throw disk.syncError;
			}
		},
		watch: nodeFileSystem.watch,
	};
	return disk;
}
