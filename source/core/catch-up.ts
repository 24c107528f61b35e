import {applyEvent} from './fold.ts';
import type {RunEvent} from './run-event.ts';
import type {Run} from './run.ts';

/**
 * Brings the state of a run of this process that has ended up to date with its log: its change may have
 * been taken back since, which another writer of the log does. Gives the events that were new. A run
 * that was resumed since is followed by whoever resumed it, so nothing from there on is taken.
 */
export async function catchUp(run: Run): Promise<readonly RunEvent[]> {
	const state = run.state();
	if (state.report === undefined) {
		return [];
	}

	const events = await run.past();
	const later = events.filter(({seq}) => seq > state.seq);
	const resumed = later.findIndex(({type}) => type === 'run-resumed');
	const taken = resumed === -1 ? later : later.slice(0, resumed);
	for (const event of taken) {
		applyEvent(state, event);
	}

	return taken;
}
