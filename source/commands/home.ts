import type {Io} from './process/io.ts';
import {showScreen} from './show/open-screen.ts';

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
			process.exit(signal === 'SIGINT' ? 130 : 143);
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
		const {summarizeRuns} = await import('./show/summarize-runs.ts');
		return await summarizeRuns(end, io);
	} finally {
		await services?.then(async ({actions}) => actions.close()).catch(() => undefined);
		stopSignals();
	}
}

async function openServices(io: Io) {
	const [{createActions}, {createRunCatalog}, {openStore}] = await Promise.all([
		import('./services/actions.ts'),
		import('./services/run-catalog.ts'),
		import('./services/open-store.ts'),
	]);
	const opened = await openStore(io);
	return {actions: createActions(opened, io), catalog: createRunCatalog(opened.store)};
}
