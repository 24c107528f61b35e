import type {Run} from '../core/run.ts';
import {UsageError} from '../core/usage-error.ts';
import {lastLine} from '../present/summary.ts';
import {createViewServices} from './services/view-services.ts';
import type {Command} from './argv/command.ts';
import {summarizeRuns} from './views/summarize-runs.ts';
import {openStore, type OpenedStore} from './services/open-store.ts';
import {createRunCatalog} from '../compose/run-catalog.ts';
import {showScreen} from './views/open-screen.ts';

export const attachCommand: Command = {
	name: 'attach',
	flags: {},
	words: {min: 1, max: 1},
	async run({words: [reference = '']}, io) {
		if (!io.interactive) {
			throw new UsageError(
				'attach needs an interactive terminal',
				`to follow the run line by line: llm-orchestrator watch ${reference}`,
			);
		}

		const opened = await openStore(io);
		const catalog = createRunCatalog(opened.store);
		const leave = new AbortController();
		const stopSignals = io.onSignal(() => {
			leave.abort();
		});
		const stop = new AbortController();
		const view = createViewServices(opened, io);
		try {
			const run = await catalog.open(await catalog.resolve(reference), stop.signal);
			const end = await showScreen(
				{screen: 'run', run: {kind: 'attached', run}},
				{services: async () => view, signal: leave.signal},
				io,
			);
			const isOwn = end.own.some(({id}) => id === run.id);
			if (!isOwn) {
				io.printError(await closingText(run, opened));
			}

			return await summarizeRuns(end, io);
		} finally {
			await view.close();
			stop.abort();
			stopSignals();
		}
	},
};

/** The state of an attached run when the view is closed: ended, still running, or abandoned. */
async function closingText(run: Run, {store}: OpenedStore): Promise<string> {
	const {report} = run.state();
	if (report) {
		return `${run.id} ${lastLine(report)}`;
	}

	return (await store.owner(run.id)) === undefined
		? `${run.id} is not running: its process died → llm-orchestrator resume ${run.id}`
		: `${run.id} is still running → llm-orchestrator attach ${run.id}`;
}
