import {systemClock} from '../compose/clock.ts';
import {workDirectoryOf} from '../config/home.ts';
import type {Environment} from '../core/environment.ts';
import {UsageError} from '../core/usage-error.ts';
import {counted, sanitizeLine} from '../core/text.ts';
import {undoDelivery} from '../engine/undo-delivery.ts';
import {createWorkspace} from '../workspace/create-workspace.ts';
import type {Command} from './argv/command.ts';
import {openStore, type OpenedStore} from './services/open-store.ts';
import {createRunCatalog} from '../compose/run-catalog.ts';

export const undoCommand: Command = {
	name: 'undo',
	flags: {},
	words: {min: 1, max: 1},
	async run({words}, io) {
		const opened = await openStore(io);
		const run = await createRunCatalog(opened.store).resolve(words[0] ?? '');
		const undone = await undoRun(run, opened, io.environment);
		if (undone.kind === 'nothing') {
			throw new UsageError(`${run} has nothing to undo: ${undone.reason}`);
		}

		io.print(`Undid changes to ${counted(undone.files.length, 'file')} of ${run}.`);
		if (undone.kept.length > 0) {
			const kept = undone.kept.map(sanitizeLine).join(', ');
			io.printError(`kept, because they were changed since the delivery: ${kept}`);
			return 1;
		}

		return 0;
	},
};

/** Undoes the delivered change of a run. */
export async function undoRun(
	run: string,
	{home, store, redact}: OpenedStore,
	environment: Environment,
) {
	const workDirectory = workDirectoryOf(home, run);
	return undoDelivery(run, {
		store,
		clock: systemClock,
		redact,
		openWorkspace: async ({directory}) =>
			createWorkspace({directory, workDirectory, run, environment}),
	});
}
