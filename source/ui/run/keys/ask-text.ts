import type {App} from '../../app-store.ts';
import {textBoxOf} from '../../widgets/text-box/text-box-state.ts';
import type {RunView} from '../run-view.ts';
import {changeView} from '../change-view.ts';

const maxHistory = 50;

/** Opens a text dialog. Unsent text is kept as a draft. */
export function askText(
	app: App,
	view: RunView,
	options: {
		/** Key of the draft. */
		readonly box: string;
		readonly title: string;
		readonly placeholder: string;
		readonly isEmptyAllowed?: boolean;
		readonly submit: (text: string) => void;
	},
): void {
	const {box, title, placeholder, isEmptyAllowed = false, submit} = options;
	app.store.setState({
		dialog: {
			kind: 'text',
			title,
			placeholder,
			state: textBoxOf(view.drafts[box] ?? ''),
			history: view.history,
			at: view.history.length,
			submit(text) {
				const words = text.trim();
				if (words === '' && !isEmptyAllowed) {
					return;
				}

				const now = app.store.getState().run;
				const history = words === '' ? view.history : [...view.history, words].slice(-maxHistory);
				changeView(app, {history, drafts: {...now?.drafts, [box]: ''}});
				submit(words);
			},
			dismiss(text) {
				const now = app.store.getState().run;
				changeView(app, {drafts: {...now?.drafts, [box]: text}});
			},
		},
	});
}
