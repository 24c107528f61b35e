/** A way to wait for changes that are reported from elsewhere. */
export type Changes = {
	readonly report: () => void;
	/** Resolves when something was reported since the last call, or on abort. */
	readonly next: () => Promise<void>;
};

/** Remembers that something changed while nobody waited. */
export function createChanges(signal: AbortSignal): Changes {
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
			if (!changed && !signal.aborted) await new Promise<void>(resolve => (wake = resolve));
			changed = false;
		},
	};
}
