/** Draws on request, at most once per interval. */
export type DrawThrottle = {request(): void; stop(): void};

export function createDrawThrottle(draw: () => void, intervalMs: number): DrawThrottle {
	let timer: NodeJS.Timeout | undefined;
	let last = 0;
	let stopped = false;
	const flush = () => {
		timer = undefined;
		last = performance.now();
		draw();
	};

	return {
		request() {
			if (timer === undefined && !stopped) {
				timer = setTimeout(flush, Math.max(0, last + intervalMs - performance.now()));
			}
		},
		stop() {
			stopped = true;
			clearTimeout(timer);
		},
	};
}
