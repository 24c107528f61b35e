/** A way to wait for changes. */
export type ChangeSignal = {
	readonly report: () => void;
	/** Resolves if there was a change since the last call, or on abort. */
	readonly next: () => Promise<void>;
};

/** Remembers changes that happen while nobody waits. */
export function createChangeSignal(signal: AbortSignal): ChangeSignal {
	let changed = false;
	let wake: (() => void) | undefined;
	const report = () => {
		changed = true;
		wake?.();
	};
	signal.addEventListener('abort', report, {once: true});

	return {
		report,
		async next(): Promise<void> {
			if (!changed && !signal.aborted) {
				await new Promise<void>(resolve => (wake = resolve));
			}
			changed = false;
		},
	};
}
