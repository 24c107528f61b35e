/**
 * Runs tmux with arguments, without a shell; gives what it printed, without the last line break. Rejects
 * with what tmux said.
 */
export type Tmux = (args: readonly string[]) => Promise<string>;

/** The user option that marks a pane as ours; its value is the run. */
export const mark = '@llm-orchestrator-run';

/** A pane as tmux lists it. */
export type Pane = {
	/** As `%1`; given once by a server. */
	readonly id: string;
	/** As `@1`. */
	readonly window: string;
	/** Of its window, in columns and rows. */
	readonly width: number;
	readonly height: number;
	/** Whether the window shows its active pane alone. */
	readonly zoomed: boolean;
	readonly active: boolean;
	/** Its program has ended and the pane stayed. */
	readonly dead: boolean;
	/** The run that it was opened for, where we opened it. */
	readonly run: string | undefined;
};

/** Every pane of the server, each once, in the order of windows and of places in them. */
export async function listPanes(tmux: Tmux): Promise<readonly Pane[]> {
	const list = await tmux(['list-panes', '-a', '-F', paneFormat]);
	return [...new Map(list.split('\n').map(line => [line.split(' ')[0], readPane(line)])).values()];
}

/** What runs in a pane: a program with its arguments. */
export type PaneProgram = {
	readonly run: string;
	readonly program: readonly string[];
	readonly directory: string;
	/** Variables beside those that tmux gives: nothing secret. */
	readonly environment: Readonly<Record<string, string>>;
	/** Whether the pane stays when the program has ended. */
	readonly stays: boolean;
};

/** What a pane runs until `startIn`: nothing is lost when a program ends before its pane is marked. */
export const placeholder: readonly string[] = ['--', 'cat', '-'];

/** Marks a pane that was opened with the placeholder as ours, then starts the program in it. */
export async function startIn(
	tmux: Tmux,
	pane: string,
	{run, program, directory, environment, stays}: PaneProgram,
): Promise<void> {
	const variables = Object.entries(environment).flatMap(([name, value]) => [
		'-e',
		`${name}=${value}`,
	]);
	const where = ['-t', pane, '-c', directory, ...variables];
	const set = ['set-option', '-pq', '-t', pane];
	await tmux([...set, mark, run]);
	await tmux([...set, 'remain-on-exit', stays ? 'on' : 'off']);
	// Since 3.3; the program has the last word, not tmux.
	await tmux([...set, 'remain-on-exit-format', '']);
	await tmux(['respawn-pane', '-k', ...where, '--', ...program]);
}

/** Gives a pane a title, word for word: tmux would expand formats in it, and run the commands in them. */
export async function entitlePane(tmux: Tmux, pane: string, title: string): Promise<void> {
	await tmux(['select-pane', '-t', pane, '-T', title.replaceAll('#', '##')]);
}

/** Closes those of some panes that are still there and carry the mark of the run. */
export async function closePanes(tmux: Tmux, ids: Iterable<string>, run: string): Promise<void> {
	const all = await listPanes(tmux).catch(() => []);
	const ours = new Set(all.filter(pane => pane.run === run).map(({id}) => id));
	for (const id of ids) {
		if (ours.has(id)) {
			await tmux(['kill-pane', '-t', id]).catch(() => '');
		}
	}
}

const paneFormat = [
	'pane_id',
	'window_id',
	'window_width',
	'window_height',
	'window_zoomed_flag',
	'pane_active',
	'pane_dead',
	mark,
]
	.map(name => `#{${name}}`)
	.join(' ');

function readPane(line: string): Pane {
	const [id = '', window = '', width, height, zoomed, active, dead, ...run] = line.split(' ');
	return {
		id,
		window,
		width: Number(width),
		height: Number(height),
		zoomed: zoomed === '1',
		active: active === '1',
		dead: dead === '1',
		run: run.join(' ') || undefined,
	};
}
