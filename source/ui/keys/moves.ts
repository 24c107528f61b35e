import type {Move} from '../run/list-window.ts';
import type {KeyCommand} from './key-map.ts';

const moves: Readonly<Partial<Record<KeyCommand, Move>>> = {
	up: 'up',
	down: 'down',
	'page-up': 'page-up',
	'page-down': 'page-down',
	first: 'first',
	last: 'last',
};

/** The list move of a command; `undefined` for other commands. */
export function moveOf(command: KeyCommand | undefined): Move | undefined {
	return command && moves[command];
}
