import {abortable} from '../../core/abortable.ts';

/**
 * Runs asynchronous work once for all concurrent callers. It is aborted once nobody waits for it; a
 * success is cached, a failure is not.
 */
export function createSingleFlight<Value>(
	work: (signal: AbortSignal) => Promise<Value>,
): (signal: AbortSignal) => Promise<Value> {
	let current: Flight<Value> | undefined;

	const start = (): Flight<Value> => {
		const controller = new AbortController();
		const started = {promise: work(controller.signal), controller, waiting: 0, isDone: false};
		started.promise.then(
			() => {
				started.isDone = true;
			},
			() => {
				forget(started);
			},
		);
		return started;
	};

	const forget = (shared: Flight<Value>) => {
		current = current === shared ? undefined : current;
	};

	return async signal => {
		signal.throwIfAborted();
		const shared = (current ??= start());
		shared.waiting++;
		try {
			return await abortable(shared.promise, signal);
		} finally {
			shared.waiting--;
			if (shared.waiting === 0 && !shared.isDone) {
				forget(shared);
				shared.controller.abort();
			}
		}
	};
}

type Flight<Value> = {
	readonly promise: Promise<Value>;
	readonly controller: AbortController;
	waiting: number;
	isDone: boolean;
};
