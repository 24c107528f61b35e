import type {StoreFileSystem} from './file-system.ts';

export type WatchOptions = {
	readonly fileSystem: Pick<StoreFileSystem, 'watch'>;
	/** Polling interval, in ms. */
	readonly pollMs: number;
};

/**
 * Calls `wake` once soon, then whenever a directory may have changed, until aborted. Polling backs
 * up the system's notifications, which network and foreign file systems don't send.
 *
 * Keeps the process alive until aborted, so that it doesn't exit while waiting for others.
 */
export function watchFolder(
	directory: string,
	wake: () => void,
	signal: AbortSignal,
	{fileSystem, pollMs}: WatchOptions,
): void {
	if (signal.aborted) {
		return;
	}
	const first = setImmediate(wake);
	const poll = setInterval(wake, pollMs);
	const unwatch = startWatch(() => poll.ref());
	signal.addEventListener(
		'abort',
		() => {
			clearImmediate(first);
			clearInterval(poll);
			unwatch();
		},
		{once: true},
	);

	function startWatch(failed: () => void): () => void {
		try {
			const stop = fileSystem.watch(directory, wake, failed);
			poll.unref();
			return stop;
		} catch {
			return () => undefined;
		}
	}
}
