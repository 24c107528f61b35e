/**
 * What `work` comes to, unless `signal` is aborted before: then it rejects with the signal's reason.
 * The work itself goes on; how it ends then is nobody's concern.
 */
export async function untilAborted<Value>(
	work: Promise<Value>,
	signal: AbortSignal,
): Promise<Value> {
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
