import {openApprovals} from '../../core/open-approvals.ts';
import type {AppState} from '../app-store.ts';
import type {KeyContext} from '../keys/key-map.ts';

/** The contexts whose keys mean something on the screen under the help, the nearest first. */
export function helpPlace({run}: Pick<AppState, 'run'>): readonly KeyContext[] {
	if (!run) {
		return ['home', 'list', 'text', 'everywhere'];
	}

	const {session, zoom, focus} = run;
	const state = session.state();
	const isLog = zoom ? zoom.kind === 'log' : focus.pane === 'log';
	const here = ['run', isLog ? 'log' : 'plan', 'list', 'text', 'everywhere'] as const;
	if (session.source.kind === 'replay') {
		return ['replay', ...here];
	}

	// Of a run that is over nobody waits for a decision.
	const waits = !state.report && openApprovals(state).length > 0;
	return waits ? ['approval', ...here] : here;
}
