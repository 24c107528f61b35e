import {notify, tellError, type App} from './app-store.ts';
import {pressOnDialog} from './dialog-keys.ts';
import {pressOnHome} from './home/home-keys.ts';
import {lookAgain} from './home/load-home.ts';
import {commandFor} from './keys/key-map.ts';
import type {KeyPress} from './keys/key-press.ts';

/** Takes a key to whom it is for: what lies over the screen, else the screen, else everywhere. */
export function press(app: App, key: KeyPress): void {
	act(app, key);
	// It may have shown or hidden something: a request, a log.
	app.changed();
}

function act(app: App, key: KeyPress): void {
	const {dialog, run, home} = app.store.getState();
	if (key.name === 'ctrl+c') {
		app.breakOff();
		return;
	}

	if (dialog && !isForEverybody(key)) {
		pressOnDialog(app, dialog, key);
	} else if (
		!(run
			? app.runPart()?.pressOnRun(app, run, key)
			: home !== undefined && pressOnHome(app, home, key))
	) {
		pressEverywhere(app, key);
	}
}

/** Not even a text box takes these. */
function isForEverybody({name}: KeyPress): boolean {
	return name === 'ctrl+z' || name === 'ctrl+l';
}

function pressEverywhere(app: App, {name}: KeyPress): void {
	switch (commandFor(name, ['everywhere'])?.command) {
		case 'help':
			app.store.setState({dialog: {kind: 'help', top: 0}});
			break;
		case 'redraw':
			app.terminal.redraw();
			lookAgain(app);
			break;
		case 'suspend':
			app.terminal.suspend().catch((error: unknown) => {
				tellError(app, error);
			});
			break;
		case undefined:
			if ([...name].length === 1 || name.startsWith('ctrl+')) {
				notify(app, `${name} does nothing here; ? shows the keys.`, 'quiet');
			}

			break;
		default:
			break;
	}
}
