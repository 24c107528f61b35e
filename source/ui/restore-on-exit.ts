import {signalExitCodes} from '../core/signal-exit-codes.ts';

/** How long SIGHUP may take after the input of a closed terminal ends, in ms. */
const signalMs = 1_000;

/**
 * Restores the terminal on exits that bypass the view: any exit, an uncaught exception, SIGQUIT. When
 * the terminal is gone, the process ends as with SIGHUP, even if its parent blocks that signal.
 * SIGXFSZ only fails the write, as in any Node process; Ink's exit handler would end the process.
 * Returns a function that stops this.
 */
export function restoreOnExit({
	input,
	restore,
	exitNow,
}: {
	readonly input: NodeJS.ReadStream;
	readonly restore: () => void;
	readonly exitNow: (code: number) => void;
}): () => void {
	let timer: NodeJS.Timeout | undefined;
	const quit = () => {
		exitNow(signalExitCodes.SIGQUIT);
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
