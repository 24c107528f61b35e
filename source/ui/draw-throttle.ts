/** Draws at most once in a while, however often it is wanted; never when it is not. */
export type Pulse = {want(): void; stop(): void};

export function createPulse(draw: () => void, pauseMs: number): Pulse {
	let timer: NodeJS.Timeout | undefined;
	let last = 0;
	let stopped = false;
	const beat = () => {
		timer = undefined;
		last = performance.now();
		draw();
	};

	return {
		want() {
			if (timer === undefined && !stopped) {
				timer = setTimeout(beat, Math.max(0, last + pauseMs - performance.now()));
			}
		},
		stop() {
			stopped = true;
			clearTimeout(timer);
		},
	};
}
