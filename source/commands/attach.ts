import {UsageError} from '../core/usage-error.ts';
import {lastLine} from '../present/summary.ts';
import {createActions} from './actions.ts';
import type {Command} from './command.ts';
import {openStore} from './open-store.ts';
import {createRunCatalog} from './run-catalog.ts';
import {showScreen} from './screen.ts';
import {tellProblem} from './tell-problem.ts';

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
			const {report} = run.state();
			io.complain(
				report
					? `${run.id} ${lastLine(report)}`
					: `${run.id} goes on → llm-orchestrator attach ${run.id}`,
			);
			return tellProblem(end.problem, io);
		} finally {
			await actions.close();
			stop.abort();
			stopSignals();
		}
	},
};
