import type {Recorder} from './log/recorder.ts';

/**
 * Resolves with the first value that `find` returns, called now and after each event. Rejects with the
 * signal's reason if aborted first.
 */
export async function waitForState<Value>(
	recorder: Pick<Recorder, 'subscribe'>,
	find: () => Value | undefined,
	signal: AbortSignal,
): Promise<Value> {
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const stop = () => {
			unsubscribe();
			signal.removeEventListener('abort', abort);
		};
		const check = () => {
			const value = find();
			if (value !== undefined) {
				stop();
				resolve(value);
			}
		};
		const abort = () => {
			stop();
			reject(signal.reason);
		};

		const unsubscribe = recorder.subscribe(check);
		signal.addEventListener('abort', abort, {once: true});
		check();
	});
}
