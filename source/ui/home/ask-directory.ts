import {notify, wordsOf, type App} from '../app-store.ts';
import {textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {changeHome} from './change-home.ts';

/** Asks where new runs work, until it is a directory that they can work in. */
export function askForDirectory(app: App, text: string, problem?: string): void {
	app.store.setState({
		dialog: {
			kind: 'text',
			title: 'Directory that new runs work in',
			state: textBoxOf(text),
			placeholder: app.directory,
			history: [],
			at: 0,
			problem,
			submit(written) {
				choose(app, written.trim());
			},
		},
	});
}

function choose(app: App, written: string): void {
	if (written === '') {
		changeHome(app, {directory: app.directory});
		return;
	}

	app
		.services()
		.then(async ({actions}) => actions.findDirectory(written))
		.then(
			directory => {
				changeHome(app, {directory});
				notify(app, `New runs work in ${directory}.`, 'good');
			},
			(error: unknown) => {
				askForDirectory(app, written, wordsOf(error));
			},
		);
}
