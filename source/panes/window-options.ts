import type {Tmux} from './tmux.ts';

/** Options of a window with our panes. `undefined`: set by the layout, and only restored. */
const wanted: Readonly<Record<string, string | undefined>> = {
	'pane-border-status': 'top',
	'pane-border-format': ' #{pane_title} ',
	'main-pane-width': undefined,
};

/** Shows pane titles in a window; returns a function that restores its options. */
export async function decorateWindow(tmux: Tmux, window: string): Promise<() => Promise<void>> {
	const before = new Map<string, string>();
	for (const [name, value] of Object.entries(wanted)) {
		before.set(name, await tmux(['show-options', '-wqv', '-t', window, name]));
		if (value !== undefined) {
			await tmux(['set-option', '-w', '-t', window, name, value]);
		}
	}

	return async () => {
		for (const [name, value] of before) {
			const set = value === '' ? ['-wu', '-t', window, name] : ['-w', '-t', window, name, value];
			await tmux(['set-option', ...set]).catch(() => '');
		}
	};
}
