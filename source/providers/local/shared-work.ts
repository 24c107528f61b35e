import {abortable} from '../../core/abortable.ts';

/**
 * Work that many may ask for at once and that is done once. It ends when nobody waits for it any more;
 * what it came to is kept, a failure is not.
 */
export function createSharedWork<Value>(
	work: (signal: AbortSignal) => Promise<Value>,
): (signal: AbortSignal) => Promise<Value> {
	let current: Shared<Value> | undefined;

	const start = (): Shared<Value> => {
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

	const forget = (shared: Shared<Value>) => {
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

type Shared<Value> = {
	readonly promise: Promise<Value>;
	readonly controller: AbortController;
	waiting: number;
	isDone: boolean;
};
