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
