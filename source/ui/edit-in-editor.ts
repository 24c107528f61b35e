import {tellError, type App} from './app-store.ts';

/** Lets the person write a text in their own editor, and takes what they wrote. */
export function writeInEditor(app: App, text: string, take: (text: string) => void): void {
	app
		.services()
		.then(async ({actions}) => app.terminal.lend(async () => actions.editText(text, 'md')))
		.then(
			written => {
				if (written !== undefined) {
					take(written.trimEnd());
				}
			},
			(error: unknown) => {
				tellError(app, error);
			},
		);
}
