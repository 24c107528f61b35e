import {setTimeout as sleep} from 'node:timers/promises';
import type {Clock} from '../core/clock.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	async sleep(ms, signal) {
		signal.throwIfAborted();
		if (ms > 0) {
			await sleep(Math.min(ms, longestTimerMs), undefined, {signal}).catch((error: unknown) => {
				throw signal.aborted ? signal.reason : error;
			});
		}
	},
};

/** Node counts timers in 32 bits; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;
