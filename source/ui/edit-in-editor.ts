import {reportError, type App} from './app-store.ts';

/** Opens a text in the user's editor and takes the result. */
export function editInEditor(app: App, text: string, take: (text: string) => void): void {
	app
		.services()
		.then(async ({terminal}) => app.terminal.runExternal(async () => terminal.editText(text, 'md')))
		.then(
			written => {
				if (written !== undefined) {
					take(written.trimEnd());
				}
			},
			(error: unknown) => {
				reportError(app, error);
			},
		);
}
