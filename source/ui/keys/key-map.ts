/** Where a key is pressed. */
export type KeyContext =
	'everywhere' | 'home' | 'list' | 'run' | 'log' | 'plan' | 'approval' | 'replay' | 'text';

export type Binding = {
	readonly command: string;
	/** Names as in `KeyPress`; the first one is shown. */
	readonly keys: readonly string[];
	/** For the help. */
	readonly help: string;
	/** For the last line of the screen; absent: not shown there. */
	readonly hint?: string;
};

/**
 * The key map, used for handling keys and for the help. Editing keys of text boxes are in
 * `widgets/text-box`; other letters there are text. What a command does is in `home/home-keys.ts` and
 * `run/keys/`.
 */
export const keyMap = {
	everywhere: [
		{command: 'help', keys: ['?'], help: 'show this help', hint: 'help'},
		{command: 'redraw', keys: ['ctrl+l'], help: 'redraw the screen; on the home screen: refresh'},
		{command: 'suspend', keys: ['ctrl+z'], help: 'suspend; `fg` resumes'},
		{command: 'break', keys: ['ctrl+c'], help: 'twice: stop and quit (runs can be resumed)'},
	],
	home: [
		{command: 'next-part', keys: ['tab'], help: 'next part of the screen', hint: 'next'},
		{command: 'previous-part', keys: ['shift+tab'], help: 'previous part'},
		{
			command: 'demo',
			keys: ['d'],
			help: 'demo: a complete run with a scripted model',
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
		{command: 'undo', keys: ['u'], help: 'undo the change of the selected run'},
		{
			command: 'directory',
			keys: ['w'],
			help: 'choose the directory for new runs',
			hint: 'directory',
		},
		{command: 'write-task', keys: ['i'], help: 'write a task for the selected team'},
		{command: 'back', keys: ['escape'], help: 'close the result of a test'},
		{command: 'leave', keys: ['q', 'ctrl+d'], help: 'quit', hint: 'quit'},
	],
	list: [
		{command: 'down', keys: ['j', 'down'], help: 'down'},
		{command: 'up', keys: ['k', 'up'], help: 'up'},
		{command: 'page-down', keys: ['pagedown', 'ctrl+f'], help: 'page down'},
		{command: 'page-up', keys: ['pageup', 'ctrl+b'], help: 'page up'},
		{command: 'first', keys: ['g', 'home'], help: 'first'},
		{command: 'last', keys: ['G', 'end'], help: 'last'},
		{command: 'open', keys: ['enter'], help: 'open, zoom', hint: 'open'},
	],
	approval: [
		{command: 'approve', keys: ['a', 'y'], help: 'approve', hint: 'approve'},
		{
			command: 'always',
			keys: ['A'],
			help: 'always approve this command in this run',
			hint: 'always',
		},
		{
			command: 'reject',
			keys: ['r', 'n'],
			help: 'reject, with feedback',
			hint: 'reject',
		},
		{command: 'edit', keys: ['e'], help: 'edit the plan in $EDITOR', hint: 'edit'},
		{command: 'view', keys: ['v'], help: 'view the whole request', hint: 'view'},
		{command: 'next-request', keys: [']'], help: 'next request'},
	],
	run: [
		{command: 'next-pane', keys: ['tab'], help: 'next pane', hint: 'pane'},
		{command: 'previous-pane', keys: ['shift+tab'], help: 'previous pane'},
		{command: 'back', keys: ['escape'], help: 'back; on a request: decide later'},
		{
			command: 'message',
			keys: ['m'],
			help: 'send a message to the selected agent (or the lead)',
			hint: 'message',
		},
		{
			command: 'interrupt',
			keys: ['i'],
			help: 'interrupt the selected agent',
			hint: 'interrupt',
		},
		{command: 'pause', keys: ['p'], help: 'pause or unpause the run', hint: 'pause'},
		{command: 'cancel', keys: ['x'], help: 'cancel the selected subtask', hint: 'cancel'},
		{command: 'cancel-run', keys: ['X'], help: 'cancel the whole run'},
		{
			command: 'retry',
			keys: ['R'],
			help: 'retry the selected subtask; after the end: resume the run',
			hint: 'retry',
		},
		{
			command: 'budget',
			keys: ['b'],
			help: 'change the token or cost limit; after a stop: resume with it',
		},
		{
			command: 'failures',
			keys: ['!'],
			help: 'show the next unseen failure, then how the run ended',
		},
		{command: 'panes', keys: ['t'], help: 'tmux: open or close a pane for each teammate'},
		{command: 'pager', keys: ['o'], help: 'open the log in $PAGER'},
		{command: 'copy', keys: ['c'], help: 'copy the shown text to the clipboard'},
		{command: 'undo', keys: ['u'], help: 'undo the delivered change'},
		{command: 'leave', keys: ['q', 'ctrl+d'], help: 'quit', hint: 'quit'},
	],
	log: [
		{command: 'find', keys: ['/'], help: 'find', hint: 'find'},
		{command: 'find-next', keys: ['n'], help: 'next match'},
		{command: 'find-previous', keys: ['N'], help: 'previous match'},
		{command: 'follow', keys: ['f'], help: 'follow the end', hint: 'follow'},
		{command: 'fold', keys: ['space'], help: 'fold or unfold a result'},
	],
	plan: [
		{command: 'find', keys: ['/'], help: 'find a subtask'},
		{command: 'find-next', keys: ['n'], help: 'next match'},
		{command: 'find-previous', keys: ['N'], help: 'previous match'},
	],
	replay: [
		{command: 'replay-pause', keys: ['space', 'p'], help: 'pause or unpause', hint: 'pause'},
		{command: 'faster', keys: ['+', '='], help: 'twice as fast', hint: 'faster'},
		{command: 'slower', keys: ['-'], help: 'half as fast', hint: 'slower'},
		{command: 'jump-forward', keys: ['right', '.'], help: 'jump ahead by 5%', hint: 'jump'},
		{command: 'jump-back', keys: ['left', ','], help: 'jump back by 5%'},
		{command: 'jump-end', keys: ['>'], help: 'jump to the end'},
		{command: 'jump-start', keys: ['<'], help: 'jump to the start'},
	],
	text: [
		{command: 'submit', keys: ['enter'], help: 'submit', hint: 'submit'},
		{command: 'newline', keys: ['alt+enter', 'ctrl+j'], help: 'new line', hint: 'new line'},
		{command: 'editor', keys: ['ctrl+g'], help: 'edit in $EDITOR', hint: '$EDITOR'},
		{command: 'dismiss', keys: ['escape'], help: 'cancel (the draft is kept)', hint: 'cancel'},
	],
} as const satisfies Readonly<Record<KeyContext, readonly Binding[]>>;

export type KeyCommand = (typeof keyMap)[KeyContext][number]['command'];

/** The command of a key; the first context that has it wins. */
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

/** `Tab` for `tab`, `Ctrl+C` for `ctrl+c`; letters are unchanged. */
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
