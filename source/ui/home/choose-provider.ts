import {sanitizeLine} from '../../core/text.ts';
import {span} from '../../present/text/row.ts';
import {hangRow} from '../../present/text/wrap-row.ts';
import type {App} from '../app-store.ts';
import {selectedProvider, type HomeView} from './home-view.ts';
import {askForTeam} from './new-team.ts';

/** Creates a team with the selected provider, or shows how to set it up. */
export function chooseProvider(app: App, view: HomeView): void {
	const provider = view.test ? undefined : selectedProvider(view);
	if (provider?.usable === true) {
		askForTeam(app, provider);
	} else if (provider) {
		const indent = [span('  ')];
		const {columns} = app.store.getState();
		app.store.setState({
			dialog: {
				kind: 'confirm',
				title: `${provider.type} is not set up yet`,
				rows: hangRow(
					{first: indent, rest: indent},
					[span(sanitizeLine(provider.detail))],
					columns,
				),
				choices: [{key: 'Esc', label: 'back', act: () => undefined}],
			},
		});
	}
}
