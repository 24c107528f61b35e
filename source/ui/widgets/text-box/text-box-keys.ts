import type {KeyPress} from '../../keys/key-press.ts';
import type {TextBoxAction} from './text-box-state.ts';

const actions: Readonly<Record<string, TextBoxAction['type']>> = {
	backspace: 'backspace',
	delete: 'delete',
	'ctrl+h': 'backspace',
	'ctrl+w': 'delete-word',
	'alt+backspace': 'delete-word',
	'ctrl+u': 'delete-line',
	left: 'left',
	right: 'right',
	'ctrl+left': 'word-left',
	'alt+left': 'word-left',
	'alt+b': 'word-left',
	'ctrl+right': 'word-right',
	'alt+right': 'word-right',
	'alt+f': 'word-right',
	home: 'line-start',
	'ctrl+a': 'line-start',
	end: 'line-end',
	'ctrl+e': 'line-end',
	up: 'up',
	down: 'down',
};

/** The edit action of a key; `undefined` when it has none. */
export function textActionFor({name, text}: KeyPress): TextBoxAction | undefined {
	const type = actions[name];
	if (type !== undefined && type !== 'insert') {
		return {type};
	}

	return text === '' ? undefined : {type: 'insert', text};
}
