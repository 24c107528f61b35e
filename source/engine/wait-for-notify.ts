/** Adds a waiter and resolves when it is called; rejects with the reason of the signal if aborted first. */
export async function waitForNotify(waiters: Set<() => void>, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const finish = () => {
			waiters.delete(wake);
			signal.removeEventListener('abort', abort);
		};
		const wake = () => {
			finish();
			resolve();
		};
		const abort = () => {
			finish();
			reject(signal.reason);
		};

		waiters.add(wake);
		signal.addEventListener('abort', abort, {once: true});
	});
}
