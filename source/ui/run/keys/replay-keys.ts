import type {Replay} from '../../../core/run.ts';
import {reportError, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';
import type {RunCommands} from './run-commands.ts';

const speeds = {min: 0.25, max: 256};

export const replayCommands: RunCommands = {
	'replay-pause': onReplay(({controls}) => {
		if (controls.position().paused) {
			controls.unpause();
		} else {
			controls.pause();
		}
	}),
	faster: onReplay(({controls}) => {
		controls.setSpeed(Math.min(speeds.max, controls.position().speed * 2));
	}),
	slower: onReplay(({controls}) => {
		controls.setSpeed(Math.max(speeds.min, controls.position().speed / 2));
	}),
	'jump-forward': onReplay((replay, app) => {
		jump(replay, app, 1 / 20);
	}),
	'jump-back': onReplay((replay, app) => {
		jump(replay, app, -1 / 20);
	}),
	'jump-end': onReplay((replay, app) => {
		jump(replay, app, 1);
	}),
	'jump-start': onReplay((replay, app) => {
		jump(replay, app, -1);
	}),
};

function onReplay(act: (replay: Replay, app: App) => void) {
	return (app: App, {session}: RunView) => {
		if (session.source.kind === 'replay') {
			act(session.source.run, app);
			app.store.setState(({tick}) => ({tick: tick + 1}));
		}
	};
}

/** Jumps by a fraction of the recording. */
function jump({controls}: Replay, app: App, share: number): void {
	const {seq, last} = controls.position();
	const to = Math.max(1, Math.min(last, Math.round(seq + share * last)));
	controls.jump(to).catch((error: unknown) => {
		reportError(app, error);
	});
}
