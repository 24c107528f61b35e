import type {Clock} from '../../core/clock.ts';
import {abortable} from '../../core/abortable.ts';

/** Schedules the pieces of a recording, with adjustable speed and pause. */
export type PlaybackClock = {
	/** Schedules the next piece `ms` of recorded time after the previous one; `Infinity`: never. */
	next(ms: number): void;
	/** Schedules the next piece `ms` of recorded time from now. */
	restart(ms: number): void;
	/** Resolves with true when the next piece is due, with false if the schedule changed first. */
	wait(): Promise<boolean>;
	pause(): void;
	unpause(): void;
	setSpeed(speed: number): void;
	readonly speed: number;
	readonly paused: boolean;
};

/** Longest delay that is caught up, in ms: after suspend, playback does not fast-forward. */
const maxCatchUpMs = 250;

/** @param signal aborts `wait`, which rejects with its reason */
export function createPlaybackClock(
	clock: Clock,
	initialSpeed: number,
	signal: AbortSignal,
): PlaybackClock {
	let speed = initialSpeed;
	let paused = false;
	/** Recorded time left at `since`, in ms; negative if late. */
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
