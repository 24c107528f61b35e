import {notify, errorText, type App} from '../app-store.ts';
import {textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {changeHome} from './change-home.ts';

/** Asks for the directory of new runs until it is usable. */
export function askForDirectory(app: App, text: string, problem?: string): void {
	app.store.setState({
		dialog: {
			kind: 'text',
			title: 'Directory for new runs',
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
				notify(app, `New runs will work in ${directory}.`, 'good');
			},
			(error: unknown) => {
				askForDirectory(app, written, errorText(error));
			},
		);
}
