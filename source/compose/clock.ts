import {setTimeout as sleep} from 'node:timers/promises';
import type {Clock} from '../core/clock.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	async sleep(ms, signal) {
		signal.throwIfAborted();
		if (ms > 0) {
			await sleep(Math.min(ms, maxTimerMs), undefined, {signal}).catch((error: unknown) => {
				throw signal.aborted ? signal.reason : error;
			});
		}
	},
};

/** Node's timers are limited to 32 bits; longer ones would fire immediately. */
const maxTimerMs = 2 ** 31 - 1;
