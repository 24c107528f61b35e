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
	let limit = most;
	let inside = 0;
	const queue: {admit: () => void}[] = [];

	const admitNext = () => {
		while (inside < limit) {
			const next = queue.shift();
			if (!next) {
				return;
			}

			inside += 1;
			next.admit();
		}
	};

	const leave = (): (() => void) => {
		let left = false;
		return () => {
			if (!left) {
				left = true;
				inside -= 1;
				admitNext();
			}
		};
	};

	return {
		get full() {
			return inside >= limit;
		},
		get limit() {
			return limit;
		},
		async enter(signal) {
			signal.throwIfAborted();
			if (inside < limit) {
				inside += 1;
				return leave();
			}

			return new Promise((resolve, reject) => {
				const entry = {
					admit() {
						signal.removeEventListener('abort', abort);
						resolve(leave());
					},
				};
				const abort = () => {
					queue.splice(queue.indexOf(entry), 1);
					reject(signal.reason);
				};

				signal.addEventListener('abort', abort, {once: true});
				queue.push(entry);
			});
		},
		shrink() {
			limit = Math.max(1, Math.floor(Math.min(limit, inside) / 2));
		},
		grow() {
			limit = Math.min(most, limit + 1);
			admitNext();
		},
	};
}
