import {notify, reportError, type App} from './app-store.ts';
import {handleDialogKey} from './dialog-keys.ts';
import {handleHomeKey} from './home/home-keys.ts';
import {refreshHome} from './home/load-home.ts';
import {commandFor} from './keys/key-map.ts';
import type {KeyPress} from './keys/key-press.ts';

/** Routes a key: dialog, screen, then global. */
export function routeKey(app: App, key: KeyPress): void {
	act(app, key);
	// It may have shown or hidden a request or a log.
	app.changed();
}

function act(app: App, key: KeyPress): void {
	const {dialog, run, home} = app.store.getState();
	if (key.name === 'ctrl+c') {
		app.interrupt();
		return;
	}

	if (dialog && !isAlwaysGlobal(key)) {
		handleDialogKey(app, dialog, key);
	} else if (
		!(run
			? app.runPart()?.handleRunKey(app, run, key)
			: home !== undefined && handleHomeKey(app, home, key))
	) {
		handleGlobalKey(app, key);
	}
}

/** Global even while a text box is open. */
function isAlwaysGlobal({name}: KeyPress): boolean {
	return name === 'ctrl+z' || name === 'ctrl+l';
}

function handleGlobalKey(app: App, {name}: KeyPress): void {
	switch (commandFor(name, ['everywhere'])?.command) {
		case 'help':
			app.store.setState({dialog: {kind: 'help', top: 0}});
			break;
		case 'redraw':
			app.terminal.redraw();
			refreshHome(app);
			break;
		case 'suspend':
			app.terminal.suspend().catch((error: unknown) => {
				reportError(app, error);
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
