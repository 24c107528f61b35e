import type {Clock} from '../../source/core/clock.ts';

/** A clock whose time goes by only when it is told. */
export type FakeClock = Clock & {
	/** Lets time go by; whoever sleeps wakes at the right time, one after the other. */
	advance(ms: number): Promise<void>;
	/** Time goes by while nobody looks, as in a machine that sleeps. */
	lose(ms: number): void;
};

export function createFakeClock(): FakeClock {
	let now = 0;
	const sleepers = new Set<{readonly at: number; readonly wake: () => void}>();

	/** Lets all go on that can. */
	const settle = async () => new Promise(resolve => setImmediate(resolve));

	return {
		now: () => now,
		monotonic: () => now,
		async sleep(ms, signal) {
			await new Promise<void>((resolve, reject) => {
				const sleeper = {at: now + ms, wake: resolve};
				sleepers.add(sleeper);
				signal.addEventListener(
					'abort',
					() => {
						sleepers.delete(sleeper);
						reject(signal.reason);
					},
					{once: true},
				);
			});
		},
		async advance(ms) {
			const end = now + ms;
			for (;;) {
				await settle();
				const [next] = [...sleepers].sort((a, b) => a.at - b.at);
				if (!next || next.at > end) {
					break;
				}

				now = Math.max(now, next.at);
				sleepers.delete(next);
				next.wake();
			}

			now = end;
		},
		lose(ms) {
			now += ms;
		},
	};
}
