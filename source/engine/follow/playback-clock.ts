import type {Clock} from '../../core/clock.ts';
import {abortable} from '../../core/abortable.ts';

/** Time of a recording that goes by: at another speed, and not at all while it is paused. */
export type PlaybackClock = {
	/** What comes next is due so many ms of the recording after what was due last; `Infinity`: never. */
	next(ms: number): void;
	/** What comes next is due so many ms of the recording after now. */
	restart(ms: number): void;
	/** Waits until what comes next is due: true; or false when something was changed meanwhile. */
	wait(): Promise<boolean>;
	pause(): void;
	unpause(): void;
	setSpeed(speed: number): void;
	readonly speed: number;
	readonly paused: boolean;
};

/** Real time that is made up for, in ms: a machine that slept does not hurry through the rest. */
const maxCatchUpMs = 250;

/** @param signal ends all waiting, which then rejects with its reason */
export function createPlaybackClock(
	clock: Clock,
	initialSpeed: number,
	signal: AbortSignal,
): PlaybackClock {
	let speed = initialSpeed;
	let paused = false;
	/** Time of the recording that was left at `since`, in ms; below 0 when it is late. */
	let left = 0;
	let since = clock.monotonic();
	let changed = new AbortController();

	const settle = () => {
		const now = clock.monotonic();
		left -= paused ? 0 : (now - since) * speed;
		since = now;
	};

	const change = (apply: () => void) => {
		settle();
		apply();
		changed.abort();
		changed = new AbortController();
	};

	return {
		next(ms) {
			settle();
			left = ms + Math.min(0, Math.max(left, -maxCatchUpMs * speed));
		},
		restart(ms) {
			change(() => {
				left = ms;
			});
		},
		async wait() {
			signal.throwIfAborted();
			settle();
			if (left <= 0 && !paused) {
				return true;
			}

			const stop = AbortSignal.any([signal, changed.signal]);
			const never = new Promise<void>(() => undefined);
			const over =
				paused || left === Number.POSITIVE_INFINITY
					? abortable(never, stop)
					: clock.sleep(left / speed, stop);
			return over.then(
				() => true,
				() => {
					signal.throwIfAborted();
					return false;
				},
			);
		},
		pause() {
			change(() => {
				paused = true;
			});
		},
		unpause() {
			change(() => {
				paused = false;
			});
		},
		setSpeed(wanted) {
			change(() => {
				speed = wanted;
			});
		},
		get speed() {
			return speed;
		},
		get paused() {
			return paused;
		},
	};
}
