import {openApprovals} from '../../core/open-approvals.ts';
import type {AppState} from '../app-store.ts';
import type {KeyContext} from '../keys/key-map.ts';

/** The key contexts of the screen under the help, nearest first. */
export function helpContexts({run}: Pick<AppState, 'run'>): readonly KeyContext[] {
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

	// A run that has ended waits for no decision.
	const waits = !state.report && openApprovals(state).length > 0;
	return waits ? ['approval', ...here] : here;
}
