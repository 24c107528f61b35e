/** Lets a limited number through at a time, first come first served. */
export type Gate = {
	/** How many wait. */
	readonly waiting: number;
	readonly full: boolean;
	/** Resolves with the release function; rejects with the signal's reason when aborted before. */
	enter(signal: AbortSignal): Promise<() => void>;
};

export function createGate(limit: number): Gate {
	let inside = 0;
	const queue: {admit: () => void}[] = [];

	const leave = (): (() => void) => {
		let left = false;
		return () => {
			if (!left) {
				left = true;
				inside -= 1;
				queue.shift()?.admit();
			}
		};
	};

	return {
		get waiting() {
			return queue.length;
		},
		get full() {
			return inside >= limit;
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
						inside += 1;
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
	};
}

/** One gate an endpoint; the limit is asked for when the endpoint is first used. */
export function createGates(): (endpoint: string, limit: number) => Gate {
	const gates = new Map<string, Gate>();
	return (endpoint, limit) => {
		const gate = gates.get(endpoint) ?? createGate(limit);
		gates.set(endpoint, gate);
		return gate;
	};
}
