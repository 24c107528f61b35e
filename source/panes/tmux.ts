/**
 * Runs tmux without a shell and returns its output without the last line break. Rejects with its
 * error message.
 */
export type Tmux = (args: readonly string[]) => Promise<string>;

/** The tmux user option that marks our panes; its value is the run. */
const mark = '@llm-orchestrator-run';

/** A pane as tmux lists it. */
export type Pane = {
	/** Like `%1`; unique per server. */
	readonly id: string;
	/** Like `@1`. */
	readonly window: string;
	/** Size of its window, in columns and rows. */
	readonly width: number;
	readonly height: number;
	/** Whether the window shows only its active pane. */
	readonly zoomed: boolean;
	readonly active: boolean;
	/** Its program has ended but the pane is still open. */
	readonly dead: boolean;
	/** The run of one of our panes. */
	readonly run: string | undefined;
};

/** All panes of the server, without duplicates, by window and position. */
export async function listPanes(tmux: Tmux): Promise<readonly Pane[]> {
	const list = await tmux(['list-panes', '-a', '-F', paneFormat]);
	return [...new Map(list.split('\n').map(line => [line.split(' ')[0], readPane(line)])).values()];
}

/** A program to run in a pane. */
export type PaneProgram = {
	readonly run: string;
	readonly program: readonly string[];
	readonly directory: string;
	/** Variables besides those set by tmux; never secrets. */
	readonly environment: Readonly<Record<string, string>>;
	/** Whether the pane stays open when the program ends. */
	readonly stays: boolean;
};

/** Runs in a pane until `startIn`, so that the pane can be marked before its program may end. */
export const placeholder: readonly string[] = ['--', 'cat', '-'];

/** Marks a pane opened with the placeholder as ours, then starts its program. */
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
	// Since 3.3: no message of tmux after that of the program.
	await tmux([...set, 'remain-on-exit-format', '']);
	await tmux(['respawn-pane', '-k', ...where, '--', ...program]);
}

/** Sets the literal title of a pane: tmux would expand formats in it and run commands in them. */
export async function setPaneTitle(tmux: Tmux, pane: string, title: string): Promise<void> {
	await tmux(['select-pane', '-t', pane, '-T', title.replaceAll('#', '##')]);
}

/** Closes those panes that still exist and are marked with the run. */
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
