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
};

/** An answer of fewer tokens is not worth asking for. */
export const smallestOutput = 256;

/** The share of the limit at which a person is warned. */
const warningShare = 0.8;

/**
 * @param limit tokens of the run, `null` for no limit
 * @param spent tokens of all calls that have ended, read from the state of the run
 * @param warn called once, when most of the limit is spent
 */
export function createBudget(
	limit: number | null,
	spent: () => number,
	warn: (spent: number, limit: number) => void = () => undefined,
): Budget {
	let reserved = 0;
	let warned = false;
	const waiting = new Set<() => void>();

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
					if (!warned && limit !== null && spent() >= limit * warningShare) {
						warned = true;
						warn(spent(), limit);
					}

					for (const wake of waiting) {
						wake();
					}
				}
			},
		};
	};

	return {
		async reserve(input, maxOutput, signal) {
			for (;;) {
				signal.throwIfAborted();
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
