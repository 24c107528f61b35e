import type {Run} from '../core/run.ts';
import {UsageError} from '../core/usage-error.ts';
import {lastLine} from '../present/summary.ts';
import {createActions} from './services/actions.ts';
import type {Command} from './argv/command.ts';
import {tellRuns} from './show/summarize-runs.ts';
import {openStore, type OpenedStore} from './services/open-store.ts';
import {createRunCatalog} from './services/run-catalog.ts';
import {showScreen} from './show/open-screen.ts';

export const attachCommand: Command = {
	name: 'attach',
	flags: {},
	words: {min: 1, max: 1},
	async run({words: [reference = '']}, io) {
		if (!io.interactive) {
			throw new UsageError(
				'attach needs a terminal to read keys from and to draw on',
				`llm-orchestrator watch ${reference} prints what happens in lines`,
			);
		}

		const opened = await openStore(io);
		const catalog = createRunCatalog(opened.store);
		const leave = new AbortController();
		const stopSignals = io.onSignal(() => {
			leave.abort();
		});
		const stop = new AbortController();
		const actions = createActions(opened, io);
		try {
			const run = await catalog.open(await catalog.resolve(reference), stop.signal);
			const end = await showScreen(
				{screen: 'run', run: {kind: 'attached', run}},
				{services: async () => ({actions, catalog}), signal: leave.signal},
				io,
			);
			const isOwn = end.own.some(({id}) => id === run.id);
			if (!isOwn) {
				io.complain(await closingWords(run, opened));
			}

			return await tellRuns(end, io);
		} finally {
			await actions.close();
			stop.abort();
			stopSignals();
		}
	},
};

/** How an attached run stands when the screen is left: it is over, goes on, or lost its process. */
async function closingWords(run: Run, {store}: OpenedStore): Promise<string> {
	const {report} = run.state();
	if (report) {
		return `${run.id} ${lastLine(report)}`;
	}

	return (await store.owner(run.id)) === undefined
		? `${run.id} is not worked on: its process has died → llm-orchestrator resume ${run.id}`
		: `${run.id} goes on → llm-orchestrator attach ${run.id}`;
}
