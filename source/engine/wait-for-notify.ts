/** Adds itself to the waiters and resolves when called; rejects with the signal's reason if aborted first. */
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
