/**
 * Calls the listener whenever this process resumes after a suspension; returns a function that stops
 * this.
 */
export function onContinued(listener: () => void): () => void {
	process.on('SIGCONT', listener);
	return () => process.off('SIGCONT', listener);
}

/** Makes Node read the terminal size again: a suspended process misses resizes. */
export function checkTerminalSize(): void {
	process.kill(process.pid, 'SIGWINCH');
}

/** Signals that keys send to every process of a terminal: Ctrl+C and Ctrl+\. */
const keySignals = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Ignores key signals while another program has the terminal. Returns a function that restores the
 * listeners.
 */
export function ignoreKeySignals(): () => void {
	const ignore = () => undefined;
	const suspended = keySignals.map(signal => ({signal, listeners: process.listeners(signal)}));
	for (const {signal, listeners} of suspended) {
		process.on(signal, ignore);
		for (const listener of listeners) {
			process.off(signal, listener);
		}
	}

	return () => {
		for (const {signal, listeners} of suspended) {
			for (const listener of listeners) {
				process.on(signal, listener);
			}

			process.off(signal, ignore);
		}
	};
}

/** How long SIGCONT may take to arrive after the process resumes, in ms. */
const resumeSignalMs = 200;

/**
 * Suspends this process group like Ctrl+Z, and resolves when it continues. Rejects without a
 * job-control shell: the kernel does not stop an orphaned process group.
 */
export async function suspendProcessGroup(): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<boolean>();
	const onContinue = () => {
		resolve(true);
	};
	process.once('SIGCONT', onContinue);
	process.kill(0, 'SIGTSTP');
	// A stopped process reaches this line after it resumes, and SIGCONT is delivered next.
	const timer = setTimeout(() => setImmediate(resolve, false), resumeSignalMs);
	const wasStopped = await promise;
	clearTimeout(timer);
	process.off('SIGCONT', onContinue);
	if (!wasStopped) {
		throw new Error('There is no shell to return to with `fg`.');
	}
}
