import {
	closePanes,
	entitlePane,
	listPanes,
	placeholder,
	startIn,
	type Pane,
	type PaneProgram,
	type Tmux,
} from './tmux.ts';
import {decorateWindow} from './window-options.ts';

/** Panes of one window, the lead's among them. */
export const panesPerWindow = 6;

export type TeamPanesOptions = Pick<PaneProgram, 'run' | 'directory' | 'environment'> & {
	readonly tmux: Tmux;
	/** The pane of the lead's view, as `%1`. It stays as it is. */
	readonly lead: string;
	/** What runs in the pane of an agent: a program and its arguments. */
	readonly viewer: (agent: string) => readonly string[];
};

/** Viewers of agents, each in a pane of its own, beside the lead's view. */
export type TeamPanes = {
	/** Opens the viewer of an agent, unless it had one: what somebody has closed stays closed. */
	show(agent: string): Promise<void>;
	/** Says in the title of an agent's pane what it does. */
	entitle(agent: string, title: string): Promise<void>;
	/** Whether the lead's view still runs in its pane; rejects when tmux cannot be asked. */
	isLeadThere(): Promise<boolean>;
	/** Closes the panes that we made, and no others; puts the options of the lead's window back. */
	close(): Promise<void>;
};

/**
 * Opens panes with tmux (3.2 or newer). The lead's window is used while nothing but the lead and our
 * panes is in it and as far as there is room; else windows of our own in the same session.
 */
export function openTeamPanes(options: TeamPanesOptions): TeamPanes {
	const {tmux, lead, run} = options;
	const panes = new Map<string, string>();
	const titles = new Map<string, string>();
	const windows: string[] = [];
	const undecorate = new Map<string, () => Promise<void>>();
	const inLine = createLine();

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
			inLine(async () => {
				if (!panes.has(agent)) {
					const pane = await open(agent);
					panes.set(agent, pane);
					await startIn(tmux, pane, {...options, program: options.viewer(agent), stays: true});
					await entitlePane(tmux, pane, agent);
				}
			}),
		entitle: async (agent, title) =>
			inLine(async () => {
				const pane = panes.get(agent);
				if (pane !== undefined && titles.get(agent) !== title) {
					titles.set(agent, title);
					await entitlePane(tmux, pane, title).catch(() => undefined);
				}
			}),
		isLeadThere: async () =>
			inLine(async () => (await listPanes(tmux)).some(({id, dead}) => id === lead && !dead)),
		close: async () =>
			inLine(async () => {
				await closePanes(tmux, panes.values(), run);
				panes.clear();
				for (const undo of undecorate.values()) {
					await undo();
				}

				undecorate.clear();
			}),
	};
}

/** tmux is asked one thing after the other: two splits at once would count the same panes. */
function createLine(): <Value>(work: () => Promise<Value>) => Promise<Value> {
	let last: Promise<unknown> = Promise.resolve();
	return async work => {
		const mine = last.then(work, work);
		last = mine.catch(() => undefined);
		return mine;
	};
}

/** Least columns of the lead's view and of a viewer beside it, least rows of one with its border. */
const leadColumns = 60;
const viewerColumns = 38;
const viewerRows = 7;

/** Whether one more pane can be read in a window of ours that has these. */
function hasRoom(members: readonly Pane[], lead: string): boolean {
	const [first] = members;
	if (!first || members.length >= panesPerWindow) {
		return false;
	}

	const isWide = first.width > leadColumns + viewerColumns;
	const isHigh = members.length === 1 || first.height >= members.length * viewerRows;
	return !members.some(({id}) => id === lead) || (isWide && isHigh);
}

/** A new pane beside the others; `undefined` when tmux has no space for it. */
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
		const width = Math.max(leadColumns, Math.floor(first.width * 0.55));
		await tmux(['set-option', '-w', '-t', first.window, 'main-pane-width', String(width)]);
	}

	await tmux(['select-layout', '-t', pane, hasLead ? 'main-vertical' : 'tiled']);
	const active = members.find(member => member.active);
	if (first.zoomed && active) {
		await tmux(['resize-pane', '-Z', '-t', active.id]);
	}

	return pane;
}

/** A window of our own in the lead's session, with one pane. */
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
