import {
	closePanes,
	setPaneTitle,
	listPanes,
	placeholder,
	startIn,
	type Pane,
	type PaneProgram,
	type Tmux,
} from './tmux.ts';
import {decorateWindow} from './window-options.ts';

/** Most panes per window, including the lead's. */
const panesPerWindow = 6;

export type TeamPanesOptions = Pick<PaneProgram, 'run' | 'directory' | 'environment'> & {
	readonly tmux: Tmux;
	/** The pane of the lead's view, like `%1`; it is not changed. */
	readonly lead: string;
	/** The program and arguments to run in an agent's pane. */
	readonly viewer: (agent: string) => readonly string[];
};

/** Viewers of agents in panes next to the lead's view. */
export type TeamPanes = {
	/**
	 * Opens the viewer of an agent, unless it was opened before: a pane closed by the user stays
	 * closed.
	 */
	show(agent: string): Promise<void>;
	/** Shows the agent's activity in the title of its pane. */
	setTitle(agent: string, title: string): Promise<void>;
	/** Whether the lead's view is still open; rejects when tmux fails. */
	isLeadOpen(): Promise<boolean>;
	/** Closes only the panes that we opened, and restores the options of the lead's window. */
	close(): Promise<void>;
};

/**
 * Opens panes with tmux (3.2 or newer): in the lead's window while it contains only the lead and our
 * panes and there is room, otherwise in new windows of the same session.
 */
export function openTeamPanes(options: TeamPanesOptions): TeamPanes {
	const {tmux, lead, run} = options;
	const panes = new Map<string, string>();
	const titles = new Map<string, string>();
	const windows: string[] = [];
	const undecorate = new Map<string, () => Promise<void>>();
	const enqueue = createQueue();

	const open = async (agent: string): Promise<string> => {
		const all = await listPanes(tmux);
		const home = all.find(({id}) => id === lead)?.window;
		const mine = new Set([lead, ...panes.values()]);
		const isOurs = ({id, run: of}: Pane) => mine.has(id) && (id === lead || of === run);
		for (const window of home === undefined ? windows : [home, ...windows]) {
			const members = all.filter(pane => pane.window === window);
			if (members.every(isOurs) && hasRoom(members, lead)) {
				if (!undecorate.has(window)) {
					undecorate.set(window, await decorateWindow(tmux, window));
				}

				const pane = await split(tmux, members, lead);
				if (pane !== undefined) {
					return pane;
				}
			}
		}

		const [pane, window] = await openWindow(options, `team ${windows.length + 1}`);
		windows.push(window);
		panes.set(agent, pane);
		undecorate.set(window, await decorateWindow(tmux, window));
		return pane;
	};

	return {
		show: async agent =>
			enqueue(async () => {
				if (!panes.has(agent)) {
					const pane = await open(agent);
					panes.set(agent, pane);
					await startIn(tmux, pane, {...options, program: options.viewer(agent), stays: true});
					await setPaneTitle(tmux, pane, agent);
				}
			}),
		setTitle: async (agent, title) =>
			enqueue(async () => {
				const pane = panes.get(agent);
				if (pane !== undefined && titles.get(agent) !== title) {
					titles.set(agent, title);
					await setPaneTitle(tmux, pane, title).catch(() => undefined);
				}
			}),
		isLeadOpen: async () =>
			enqueue(async () => (await listPanes(tmux)).some(({id, dead}) => id === lead && !dead)),
		close: async () =>
			enqueue(async () => {
				await closePanes(tmux, panes.values(), run);
				panes.clear();
				for (const undo of undecorate.values()) {
					await undo();
				}

				undecorate.clear();
			}),
	};
}

/** Runs tmux commands sequentially: two concurrent splits would count the same panes. */
function createQueue(): <Value>(work: () => Promise<Value>) => Promise<Value> {
	let last: Promise<unknown> = Promise.resolve();
	return async work => {
		const mine = last.then(work, work);
		last = mine.catch(() => undefined);
		return mine;
	};
}

/**
 * Minimum columns of the lead's view and of a viewer next to it; minimum rows of a viewer with its
 * border.
 */
const minLeadColumns = 60;
const minViewerColumns = 38;
const minViewerRows = 7;

/** Whether a window with these panes has room for another readable one. */
function hasRoom(members: readonly Pane[], lead: string): boolean {
	const [first] = members;
	if (!first || members.length >= panesPerWindow) {
		return false;
	}

	const isWide = first.width > minLeadColumns + minViewerColumns;
	const isHigh = members.length === 1 || first.height >= members.length * minViewerRows;
	return !members.some(({id}) => id === lead) || (isWide && isHigh);
}

/** Splits off a new pane; `undefined` when tmux has no space for it. */
async function split(
	tmux: Tmux,
	members: readonly Pane[],
	lead: string,
): Promise<string | undefined> {
	const [first, last] = [members[0], members.at(-1)];
	if (!first || !last) {
		return undefined;
	}

	const hasLead = members.some(({id}) => id === lead);
	const direction = hasLead && members.length === 1 ? '-h' : '-v';
	const where = ['-d', direction, '-t', last.id, '-P', '-F', '#{pane_id}'];
	const pane = await tmux(['split-window', ...where, ...placeholder]).catch(() => undefined);
	if (pane === undefined) {
		return undefined;
	}

	if (hasLead) {
		const width = Math.max(minLeadColumns, Math.floor(first.width * 0.55));
		await tmux(['set-option', '-w', '-t', first.window, 'main-pane-width', String(width)]);
	}

	await tmux(['select-layout', '-t', pane, hasLead ? 'main-vertical' : 'tiled']);
	const active = members.find(member => member.active);
	if (first.zoomed && active) {
		await tmux(['resize-pane', '-Z', '-t', active.id]);
	}

	return pane;
}

/** Opens a new window with one pane in the lead's session. */
async function openWindow(
	{tmux, lead}: TeamPanesOptions,
	name: string,
): Promise<readonly [pane: string, window: string]> {
	const session = await tmux(['display-message', '-p', '-t', lead, '#{session_id}']);
	const where = ['-d', '-t', `${session}:`, '-n', name, '-P', '-F', '#{pane_id} #{window_id}'];
	const [pane = '', window = ''] = (await tmux(['new-window', ...where, ...placeholder])).split(
		' ',
	);
	return [pane, window];
}
