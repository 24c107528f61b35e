import type {App, Dialog} from './app-store.ts';
import {helpRows} from './help/help-rows.ts';
import {commandFor} from './keys/key-map.ts';
import type {KeyPress} from './keys/key-press.ts';
import {moveOf} from './keys/moves.ts';
import {scrollBy} from './run/list-window.ts';
import {textActionFor} from './widgets/text-box/text-box-keys.ts';
import {editText, isAtEdge, textBoxOf} from './widgets/text-box/text-box-state.ts';
import {editInEditor} from './edit-in-editor.ts';

/** Handles a key while a dialog is open; dialogs take all keys. */
export function handleDialogKey(app: App, dialog: Dialog, press: KeyPress): void {
	switch (dialog.kind) {
		case 'text':
			handleTextKey(app, dialog, press);
			break;
		case 'confirm':
			handleChoiceKey(app, dialog, press);
			break;
		case 'help':
			handleHelpKey(app, dialog, press);
			break;
	}
}

/** Inserts pasted text into a text dialog. */
export function pasteIntoDialog(app: App, text: string): void {
	const {dialog} = app.store.getState();
	if (dialog?.kind === 'text') {
		const state = editText(dialog.state, {type: 'insert', text: text.replaceAll(/\r\n?/g, '\n')});
		app.store.setState({dialog: {...dialog, state, problem: undefined}});
	}
}

type TextDialog = Extract<Dialog, {kind: 'text'}>;

function handleTextKey(app: App, dialog: TextDialog, press: KeyPress): void {
	const close = () => {
		app.store.setState({dialog: undefined});
	};
	// In a burst (an unmarked paste), Enter is a line break.
	const found = press.burst ? undefined : commandFor(press.name, ['text']);
	switch (found?.command) {
		case 'submit':
			close();
			dialog.submit(dialog.state.text);
			return;
		case 'newline':
			write(app, dialog, {type: 'insert', text: '\n'});
			return;
		case 'dismiss':
			close();
			dialog.dismiss?.(dialog.state.text);
			return;
		case 'editor':
			editInEditor(app, dialog.state.text, text => {
				app.store.setState({dialog: {...dialog, state: textBoxOf(text)}});
			});
			return;
		default:
			break;
	}

	const recalled = recall(dialog, press.name);
	if (recalled) {
		app.store.setState({dialog: recalled});
		return;
	}

	const action = textActionFor(press);
	if (action) {
		write(app, dialog, action);
	}
}

function write(app: App, dialog: TextDialog, action: Parameters<typeof editText>[1]): void {
	const state = editText(dialog.state, action);
	app.store.setState({dialog: {...dialog, state, problem: undefined}});
}

/** ↑ in the first line and ↓ in the last one browse the history. */
function recall(dialog: TextDialog, name: string): TextDialog | undefined {
	const {history, at, state} = dialog;
	const step =
		name === 'up' && isAtEdge(state, 'top')
			? -1
			: name === 'down' && isAtEdge(state, 'bottom')
				? 1
				: 0;
	const next = at + step;
	if (step === 0 || next < 0 || next > history.length) {
		return undefined;
	}

	const written = at === history.length ? state.text : dialog.written;
	return {...dialog, written, at: next, state: textBoxOf(history[next] ?? written)};
}

function handleChoiceKey(
	app: App,
	{choices}: Extract<Dialog, {kind: 'confirm'}>,
	press: KeyPress,
): void {
	const name =
		press.name === 'escape' || press.name === 'n' || press.name === 'q' ? 'Esc' : press.name;
	const choice =
		choices.find(({key}) => key === press.name) ?? choices.find(({key}) => key === name);
	if (choice && !press.burst) {
		app.store.setState({dialog: undefined});
		choice.act();
	}
}

function handleHelpKey(app: App, {top}: Extract<Dialog, {kind: 'help'}>, press: KeyPress): void {
	const {columns, rows} = app.store.getState();
	const move = moveOf(commandFor(press.name, ['list'])?.command);
	if (move === undefined) {
		app.store.setState({dialog: undefined});
		return;
	}

	const height = rows - 2;
	const {length} = helpRows(columns);
	const end = Math.max(0, length - height);
	const next = scrollBy(top, move, {first: 0, length, height}) ?? end;
	app.store.setState({dialog: {kind: 'help', top: next}});
}
