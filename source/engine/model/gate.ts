import PQueue from 'p-queue';

/** A FIFO semaphore with an adjustable limit. */
export type Gate = {
	readonly full: boolean;
	/** The current limit. */
	readonly limit: number;
	/** Resolves with the release function; rejects with the signal's reason if aborted first. */
	enter(signal: AbortSignal): Promise<() => void>;
	/** Sets the limit to half the number inside, at least 1. */
	shrink(): void;
	/** Raises the limit by one, up to the initial limit. */
	grow(): void;
};

export function createGate(most: number): Gate {
	const queue = new PQueue({concurrency: most});
	return {
		get full() {
			return queue.pending >= queue.concurrency;
		},
		get limit() {
			return queue.concurrency;
		},
		async enter(signal) {
			signal.throwIfAborted();
			// The queue would let the next one in as soon as the signal of one inside is aborted.
			const waiting = new AbortController();
			const giveUp = () => {
				waiting.abort(signal.reason);
			};
			signal.addEventListener('abort', giveUp, {once: true});
			return new Promise((resolve, reject) => {
				const stay = async () => {
					signal.removeEventListener('abort', giveUp);
					return new Promise<void>(leave => {
						resolve(leave);
					});
				};
				queue.add(stay, {signal: waiting.signal}).catch(reject);
			});
		},
		shrink() {
			queue.concurrency = Math.max(1, Math.floor(Math.min(queue.concurrency, queue.pending) / 2));
		},
		grow() {
			queue.concurrency = Math.min(most, queue.concurrency + 1);
		},
	};
}
