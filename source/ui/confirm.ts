import {span} from '../present/text/row.ts';
import type {App} from './app-store.ts';

/** Asks a yes/no question and explains what yes does. */
export function confirm(app: App, title: string, consequence: string, act: () => void): void {
	app.store.setState({
		dialog: {
			kind: 'confirm',
			title,
			rows: [[span(`  ${consequence}`)]],
			choices: [
				{key: 'y', label: 'yes', act},
				{key: 'Esc', label: 'no', act: () => undefined},
			],
		},
	});
}
