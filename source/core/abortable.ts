/**
 * Resolves like `work`, or rejects with the signal's reason once aborted. The work itself
 * continues, and its result is ignored.
 */
export async function abortable<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
	const {promise, reject} = Promise.withResolvers<never>();
	const abort = () => {
		reject(signal.reason);
	};

	work.catch(() => undefined);
	signal.throwIfAborted();
	signal.addEventListener('abort', abort, {once: true});
	try {
		return await Promise.race([work, promise]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
