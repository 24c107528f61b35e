import {span} from '../present/text/row.ts';
import type {App} from './app-store.ts';

/** Asks a question with a yes and a no, and says what a yes leads to. */
export function ask(app: App, title: string, consequence: string, act: () => void): void {
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
