/** How long the signal of a terminal that is closed may take after the end of its input, ms. */
const signalMs = 1_000;

/** What a process ends with that SIGQUIT ends: 128 and the number of the signal. */
const quitCode = 131;

/**
 * Restores the terminal on the ways out of this process that do not ask the view: an exit from anywhere,
 * an error that nobody caught, SIGQUIT. A terminal that is gone ends it as SIGHUP does, also where whoever
 * started us keeps that signal to themselves. A file that must not grow (SIGXFSZ) fails its write alone, as
 * in any Node: what Ink uses would end the process. Returns how to stop.
 */
export function watchWaysOut(input: NodeJS.ReadStream, restore: () => void): () => void {
	let timer: NodeJS.Timeout | undefined;
	const quit = () => {
		process.exit(quitCode);
	};
	const hangUp = () => {
		timer ??= setTimeout(() => process.kill(process.pid, 'SIGHUP'), signalMs);
	};
	const stopWaiting = () => {
		clearTimeout(timer);
		input.off('end', hangUp);
		input.off('error', hangUp);
	};
	const ignore = () => undefined;
	process.on('exit', restore);
	process.on('uncaughtExceptionMonitor', restore);
	process.on('SIGQUIT', quit);
	process.on('SIGXFSZ', ignore);
	process.on('SIGHUP', stopWaiting);
	input.on('end', hangUp);
	input.on('error', hangUp);
	return () => {
		stopWaiting();
		process.off('exit', restore);
		process.off('uncaughtExceptionMonitor', restore);
		process.off('SIGQUIT', quit);
		process.off('SIGXFSZ', ignore);
		process.off('SIGHUP', stopWaiting);
	};
}
