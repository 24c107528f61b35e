import {applyEvent} from './fold.ts';
import type {RunEvent} from './run-event.ts';
import type {Run} from './run.ts';

/**
 * Applies what was logged after a run of this process ended: another writer may have undone its
 * change. Returns the new events. Stops at a resume, since the resumed run has a follower of its
 * own.
 */
export async function refreshEndedRun(run: Run): Promise<readonly RunEvent[]> {
	const state = run.state();
	if (state.report === undefined) {
		return [];
	}

	const later = await run.events(state.seq);
	const resumed = later.findIndex(({type}) => type === 'run-resumed');
	const taken = resumed === -1 ? later : later.slice(0, resumed);
	for (const event of taken) {
		applyEvent(state, event);
	}

	return taken;
}
