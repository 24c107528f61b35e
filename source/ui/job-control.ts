/** Signals that keys send to every process of a terminal: Ctrl+C and Ctrl+\. */
const keySignals = ['SIGINT', 'SIGQUIT'] as const;

/**
 * For as long as another program has the terminal: its keys are meant for that one alone. Returns how to
 * hear them again.
 */
export function ignoreKeySignals(): () => void {
	const ignore = () => undefined;
	const silenced = keySignals.map(signal => ({signal, listeners: process.listeners(signal)}));
	for (const {signal, listeners} of silenced) {
		process.on(signal, ignore);
		for (const listener of listeners) {
			process.off(signal, listener);
		}
	}

	return () => {
		for (const {signal, listeners} of silenced) {
			for (const listener of listeners) {
				process.on(signal, listener);
			}

			process.off(signal, ignore);
		}
	};
}

/** How long after the stop SIGCONT may take to be told, ms. */
const tellingMs = 200;

/**
 * Stops all processes of this group, as Ctrl+Z does, and resolves when they go on. Rejects where no shell
 * watches over them: the kernel stops nobody then, as nobody could make them go on.
 */
export async function stopGroup(): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<boolean>();
	const goOn = () => {
		resolve(true);
	};
	process.once('SIGCONT', goOn);
	process.kill(0, 'SIGTSTP');
	// Who was stopped comes to this line later, and SIGCONT is told next.
	const timer = setTimeout(() => setImmediate(resolve, false), tellingMs);
	const wasStopped = await promise;
	clearTimeout(timer);
	process.off('SIGCONT', goOn);
	if (!wasStopped) {
		throw new Error('There is no shell here that `fg` could be typed in.');
	}
}
