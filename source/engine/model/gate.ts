import PQueue from 'p-queue';

/** Lets a limited number through at a time, first come first served. */
export type Gate = {
	readonly full: boolean;
	/** How many may be inside now. */
	readonly limit: number;
	/** Resolves with the release function; rejects with the signal's reason when aborted before. */
	enter(signal: AbortSignal): Promise<() => void>;
	/** Those inside were too many: half as many from now on. */
	shrink(): void;
	/** One more from now on, up to the limit that it was made with. */
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
