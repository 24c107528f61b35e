import {systemClock} from '../compose/clock.ts';
import {UsageError} from '../core/usage-error.ts';
import {replayRun} from '../engine/follow/replay.ts';
import {createViewServices} from './services/view-services.ts';
import type {Command} from './argv/command.ts';
import {textFlag} from './argv/flags.ts';
import {openStore} from './services/open-store.ts';
import {createRunCatalog} from '../compose/run-catalog.ts';
import {showScreen} from './views/open-screen.ts';
import {reportViewFailure} from './views/report-view-failure.ts';
import {watchRun} from './watch.ts';

export const replayCommand: Command = {
	name: 'replay',
	flags: {speed: {type: 'string'}},
	words: {min: 1, max: 1},
	async run({words: [reference = ''], flags}, io) {
		const speed = readSpeed(textFlag(flags, 'speed'));
		const opened = await openStore(io);
		const catalog = createRunCatalog(opened.store);
		const id = await catalog.resolve(reference);
		const stop = new AbortController();
		const stopSignals = io.onSignal(() => {
			stop.abort();
		});
		try {
			const {signal} = stop;
			const run = await replayRun(opened.store, id, {clock: systemClock, signal, speed});
			if (!io.interactive) {
				return await watchRun(run, undefined, io, signal);
			}

			const view = createViewServices(opened, io);
			const end = await showScreen(
				{screen: 'run', run: {kind: 'replay', run}},
				{services: async () => view, signal},
				io,
			);
			return reportViewFailure(end.problem, io);
		} finally {
			stop.abort();
			stopSignals();
		}
	},
};

/** A speed factor: `8`, `0.5`. */
function readSpeed(text: string | undefined): number {
	const speed = Number(text ?? 1);
	if (!Number.isFinite(speed) || speed <= 0 || speed > 1_000) {
		throw new UsageError('--speed must be a number above 0 and at most 1000');
	}

	return speed;
}
