/** Where keys are pressed. What is listed first in a context wins over the next one. */
export type KeyContext =
	'everywhere' | 'home' | 'list' | 'run' | 'log' | 'plan' | 'approval' | 'replay' | 'text';

export type Binding = {
	readonly command: string;
	/** Names as in `KeyPress`. The first one is shown. */
	readonly keys: readonly string[];
	/** For the help. */
	readonly help: string;
	/** For the line at the bottom, where it is worth its place there. */
	readonly hint?: string;
};

/**
 * The one map of keys: what they do and what the help says of them. Keys of a text box are its own
 * (`widgets/text-box`), the rest of letters there is text.
 */
export const keyMap = {
	everywhere: [
		{command: 'help', keys: ['?'], help: 'this help', hint: 'help'},
		{command: 'redraw', keys: ['ctrl+l'], help: 'draw the screen anew; home: look again'},
		{command: 'suspend', keys: ['ctrl+z'], help: 'back to the shell; `fg` comes back'},
		{command: 'break', keys: ['ctrl+c'], help: 'twice: stop (a run can be resumed)'},
	],
	home: [
		{command: 'next-part', keys: ['tab'], help: 'next part of the screen', hint: 'next'},
		{command: 'previous-part', keys: ['shift+tab'], help: 'part before'},
		{
			command: 'demo',
			keys: ['d'],
			help: 'the demo: a whole run with a scripted model',
			hint: 'demo',
		},
		{command: 'new-team', keys: ['n'], help: 'new team', hint: 'new team'},
		{command: 'delete-team', keys: ['D', 'delete'], help: 'delete the selected team'},
		{
			command: 'test-provider',
			keys: ['t'],
			help: 'test the provider of the selected team',
			hint: 'test',
		},
		{command: 'resume', keys: ['r'], help: 'resume the selected run'},
		{command: 'replay', keys: ['p'], help: 'replay the selected run'},
		{command: 'undo', keys: ['u'], help: 'take the change of the selected run back'},
		{
			command: 'directory',
			keys: ['w'],
			help: 'the directory that new runs work in',
			hint: 'directory',
		},
		{command: 'write-task', keys: ['i'], help: 'write a task for the selected team'},
		{command: 'back', keys: ['escape'], help: 'put the result of a test away'},
		{command: 'leave', keys: ['q', 'ctrl+d'], help: 'leave', hint: 'quit'},
	],
	list: [
		{command: 'down', keys: ['j', 'down'], help: 'down'},
		{command: 'up', keys: ['k', 'up'], help: 'up'},
		{command: 'page-down', keys: ['pagedown', 'ctrl+f'], help: 'page down'},
		{command: 'page-up', keys: ['pageup', 'ctrl+b'], help: 'page up'},
		{command: 'first', keys: ['g', 'home'], help: 'to the beginning'},
		{command: 'last', keys: ['G', 'end'], help: 'to the end'},
		{command: 'open', keys: ['enter'], help: 'open, zoom', hint: 'open'},
	],
	approval: [
		{command: 'approve', keys: ['a', 'y'], help: 'approve', hint: 'approve'},
		{
			command: 'always',
			keys: ['A'],
			help: 'approve always: the same command in this run',
			hint: 'always',
		},
		{
			command: 'reject',
			keys: ['r', 'n'],
			help: 'reject, and say what should be different',
			hint: 'reject',
		},
		{command: 'edit', keys: ['e'], help: 'edit the plan in $EDITOR', hint: 'edit'},
		{command: 'view', keys: ['v'], help: 'view it whole', hint: 'view'},
		{command: 'next-request', keys: [']'], help: 'next request of the queue'},
	],
	run: [
		{command: 'next-pane', keys: ['tab'], help: 'next pane', hint: 'pane'},
		{command: 'previous-pane', keys: ['shift+tab'], help: 'pane before'},
		{command: 'back', keys: ['escape'], help: 'back; a request: later'},
		{
			command: 'message',
			keys: ['m'],
			help: 'message to the selected agent (or the lead)',
			hint: 'message',
		},
		{
			command: 'interrupt',
			keys: ['i'],
			help: 'interrupt the turn of the selected agent',
			hint: 'interrupt',
		},
		{command: 'pause', keys: ['p'], help: 'pause all, and go on', hint: 'pause'},
		{command: 'cancel', keys: ['x'], help: 'cancel the selected subtask', hint: 'cancel'},
		{command: 'cancel-run', keys: ['X'], help: 'cancel the whole run'},
		{
			command: 'retry',
			keys: ['R'],
			help: 'retry the selected subtask; a run that ended: resume it',
			hint: 'retry',
		},
		{
			command: 'budget',
			keys: ['b'],
			help: 'change the limit on tokens or money; of a run that stopped: go on with it',
		},
		{
			command: 'failures',
			keys: ['!'],
			help: 'to the next failure that you have not seen, then how the run ended',
		},
		{command: 'panes', keys: ['t'], help: 'split panes in tmux: a viewer for each teammate'},
		{command: 'pager', keys: ['o'], help: 'open the log in $PAGER'},
		{command: 'copy', keys: ['c'], help: 'copy the selected text to the clipboard of the terminal'},
		{command: 'undo', keys: ['u'], help: 'take the delivered change back'},
		{command: 'leave', keys: ['q', 'ctrl+d'], help: 'leave', hint: 'quit'},
	],
	log: [
		{command: 'find', keys: ['/'], help: 'find', hint: 'find'},
		{command: 'find-next', keys: ['n'], help: 'next match'},
		{command: 'find-previous', keys: ['N'], help: 'match before'},
		{command: 'follow', keys: ['f'], help: 'follow the end', hint: 'follow'},
		{command: 'fold', keys: ['space'], help: 'fold or unfold a result'},
	],
	plan: [
		{command: 'find', keys: ['/'], help: 'find a subtask'},
		{command: 'find-next', keys: ['n'], help: 'next match'},
		{command: 'find-previous', keys: ['N'], help: 'match before'},
	],
	replay: [
		{command: 'replay-pause', keys: ['space', 'p'], help: 'pause, go on', hint: 'pause'},
		{command: 'faster', keys: ['+', '='], help: 'twice as fast', hint: 'faster'},
		{command: 'slower', keys: ['-'], help: 'half as fast', hint: 'slower'},
		{command: 'jump-forward', keys: ['right', '.'], help: 'jump on by a twentieth', hint: 'jump'},
		{command: 'jump-back', keys: ['left', ','], help: 'jump back'},
		{command: 'jump-end', keys: ['>'], help: 'jump to the end'},
		{command: 'jump-start', keys: ['<'], help: 'from the beginning'},
	],
	text: [
		{command: 'submit', keys: ['enter'], help: 'send', hint: 'send'},
		{command: 'newline', keys: ['alt+enter', 'ctrl+j'], help: 'new line', hint: 'new line'},
		{command: 'editor', keys: ['ctrl+g'], help: 'write it in $EDITOR', hint: '$EDITOR'},
		{command: 'dismiss', keys: ['escape'], help: 'not now (the text is kept)', hint: 'not now'},
	],
} as const satisfies Readonly<Record<KeyContext, readonly Binding[]>>;

export type KeyCommand = (typeof keyMap)[KeyContext][number]['command'];

/** What a key means in some contexts; the first one that knows it wins. */
export function commandFor(
	name: string,
	contexts: readonly KeyContext[],
): {readonly command: KeyCommand; readonly context: KeyContext} | undefined {
	for (const context of contexts) {
		const bindings: readonly Binding[] = keyMap[context];
		const found = bindings.find(({keys}) => keys.includes(name));
		if (found) {
			return {command: found.command as KeyCommand, context};
		}
	}

	return undefined;
}

/** `Tab` for `tab`, `Ctrl+C` for `ctrl+c`; letters stay as they are typed. */
export function keyLabel(name: string): string {
	return name
		.split('+')
		.map(part =>
			part.length > 1 ? (labels[part] ?? part[0]?.toUpperCase() + part.slice(1)) : part,
		)
		.join('+')
		.replace(/(?<=Ctrl\+|Alt\+)[a-z]$/, letter => letter.toUpperCase());
}

const labels: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	escape: 'Esc',
};
