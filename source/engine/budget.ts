import {FailureError} from '../core/failure.ts';

/** A part of the budget that is held back for one call. */
export type Reservation = {
	/** What the call may generate, in tokens: shrunk where the budget is nearly spent. */
	readonly maxOutputTokens: number;
	readonly tokens: number;
	/** Gives the reservation back; what was really spent is in the log by then. */
	settle(): void;
};

/** The tokens of a whole run, shared by all of its agents. */
export type Budget = {
	/**
	 * Holds back `input + maxOutput` tokens. What does not fit waits while other calls are in flight,
	 * then the output shrinks to what is left. Throws `limit-reached` when not even
	 * `smallestOutput` tokens are left.
	 */
	reserve(input: number, maxOutput: number, signal: AbortSignal): Promise<Reservation>;
	/** The limit has changed: reservations that wait look again. */
	changed(): void;
};

/** An answer of fewer tokens is not worth asking for. */
export const smallestOutput = 256;

/** The share of the limit at which a person is warned. */
const warningShare = 0.8;

/**
 * @param limitNow tokens of the run as of now, `null` for no limit
 * @param spent tokens of all calls that have ended, read from the state of the run
 * @param warn called once for each limit, when most of it is spent
 */
export function createBudget(
	limitNow: () => number | null,
	spent: () => number,
	warn: (spent: number, limit: number) => void = () => undefined,
): Budget {
	let reserved = 0;
	let warnedOf: number | undefined;
	const waiting = new Set<() => void>();

	const wakeAll = () => {
		for (const wake of waiting) {
			wake();
		}
	};

	const hold = (input: number, maxOutputTokens: number): Reservation => {
		const tokens = input + maxOutputTokens;
		reserved += tokens;
		let open = true;
		return {
			maxOutputTokens,
			tokens,
			settle() {
				if (open) {
					open = false;
					reserved -= tokens;
					const limit = limitNow();
					if (limit !== null && warnedOf !== limit && spent() >= limit * warningShare) {
						warnedOf = limit;
						warn(spent(), limit);
					}

					wakeAll();
				}
			},
		};
	};

	return {
		changed: wakeAll,
		async reserve(input, maxOutput, signal) {
			for (;;) {
				signal.throwIfAborted();
				const limit = limitNow();
				const left = limit === null ? Number.POSITIVE_INFINITY : limit - spent() - reserved;
				if (input + maxOutput <= left) {
					return hold(input, maxOutput);
				}

				if (reserved === 0) {
					const output = Math.floor(left - input);
					if (output < smallestOutput) {
						throw new FailureError(
							'limit-reached',
							`the run has spent ${spent()} of its ${limit ?? 0} tokens; the next call needs about ${input + smallestOutput}`,
							{hint: `--max-tokens ${2 * Math.max(limit ?? 0, spent() + input)}`},
						);
					}

					return hold(input, output);
				}

				await nextSettlement(waiting, signal);
			}
		},
	};
}

async function nextSettlement(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const finish = () => {
			waiting.delete(wake);
			signal.removeEventListener('abort', abort);
		};
		const wake = () => {
			finish();
			resolve();
		};
		const abort = () => {
			finish();
			reject(signal.reason);
		};

		waiting.add(wake);
		signal.addEventListener('abort', abort, {once: true});
	});
}
