import {fdatasync, ftruncateSync, watch, writeSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {promisify} from 'node:util';

/** Disk operations that can fail in ways a run must survive; tests inject faulty ones. */
export type StoreFileSystem = {
	/** Appends to a file that is open for appending; returns the number of bytes written. */
	readonly write: (file: number, bytes: Uint8Array) => number;
	readonly truncate: (file: number, size: number) => void;
	/** Waits until written data is durable. */
	readonly datasync: (file: number) => Promise<void>;
	/** Waits until a directory's entries are durable. */
	readonly syncDirectory: (directory: string) => Promise<void>;
	/** Notifies of changes in a directory until the returned function is called. May throw. */
	readonly watch: (directory: string, changed: () => void, failed: () => void) => () => void;
};

const datasync = promisify(fdatasync);

export const nodeFileSystem: StoreFileSystem = {
	write: (file, bytes) => writeSync(file, bytes),
	truncate: (file, size) => {
		ftruncateSync(file, size);
	},
	datasync,
	async syncDirectory(directory) {
		// Windows cannot open a directory; it keeps entries consistent by itself.
		if (process.platform === 'win32') {
			return;
		}
		const handle = await open(directory, 'r');
		try {
			await handle.sync();
		} finally {
			await handle.close();
		}
	},
	watch(directory, changed, failed) {
		const watcher = watch(directory, changed);
		watcher.on('error', failed);
		return () => {
			watcher.close();
		};
	},
};
