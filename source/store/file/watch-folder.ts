import type {StoreFileSystem} from './file-system.ts';

export type WatchOptions = {
	readonly fileSystem: Pick<StoreFileSystem, 'watch'>;
	/** Pause between looks that need no hint, in ms. */
	readonly pollMs: number;
};

/**
 * Calls `wake` once soon, then whenever a directory may have changed, until aborted. A poll stands
 * behind the system's hints, which network and foreign file systems do not give.
 *
 * Keeps the process alive until aborted: who waits for others must not end by having nothing to do.
 */
export function watchFolder(
	directory: string,
	wake: () => void,
	signal: AbortSignal,
	{fileSystem, pollMs}: WatchOptions,
): void {
	if (signal.aborted) return;
	const first = setImmediate(wake);
	const poll = setInterval(wake, pollMs);
	const unwatch = watchOr(() => poll.ref());
	signal.addEventListener(
		'abort',
		() => {
			clearImmediate(first);
			clearInterval(poll);
			unwatch();
		},
		{once: true},
	);

	function watchOr(failed: () => void): () => void {
		try {
			const stop = fileSystem.watch(directory, wake, failed);
			poll.unref();
			return stop;
		} catch {
			return () => undefined;
		}
	}
}
