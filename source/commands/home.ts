import {signalExitCodes} from '../core/signal-exit-codes.ts';
import type {Io} from './process/io.ts';
import {showScreen} from './views/open-screen.ts';

/**
 * The home screen, shown by `llm-orchestrator` alone on a terminal. Everything but the screen is
 * loaded after its first frame. Returns the exit code.
 */
export async function showHome(io: Io): Promise<number> {
	const leave = new AbortController();
	let wasSignalled = false;
	const stopSignals = io.onSignal(signal => {
		// The shell and the kernel both send SIGHUP when a terminal is closed.
		if (wasSignalled && signal !== 'SIGHUP') {
			io.exitNow(signalExitCodes[signal]);
			return;
		}

		wasSignalled = true;
		leave.abort(signal);
	});
	let services: ReturnType<typeof openServices> | undefined;
	try {
		const end = await showScreen(
			{screen: 'home'},
			{services: async () => (services ??= openServices(io)), signal: leave.signal},
			io,
		);
		const {summarizeRuns} = await import('./views/summarize-runs.ts');
		return await summarizeRuns(end, io);
	} finally {
		await services?.then(async ({close}) => close()).catch(() => undefined);
		stopSignals();
	}
}

async function openServices(io: Io) {
	const [{createViewServices}, {openStore}] = await Promise.all([
		import('./services/view-services.ts'),
		import('./services/open-store.ts'),
	]);
	return createViewServices(await openStore(io), io);
}
