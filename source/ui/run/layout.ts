/** In columns and rows. */
export type Size = {readonly width: number; readonly height: number};

export type LayoutKind = 'small' | 'narrow' | 'normal' | 'wide';

/** The smallest supported screen. */
export const minSize = {columns: 60, rows: 15};

export type LayoutOptions = {
	readonly columns: number;
	readonly rows: number;
	readonly agents: number;
	readonly subtasks: number;
	/** Preferred rows of the bottom part (a request or dialog); 0 when there is none. */
	readonly bottom: number;
};

export type Layout = {
	readonly kind: LayoutKind;
	readonly team: Size | undefined;
	readonly plan: Size | undefined;
	/** One per visible log, left to right. */
	readonly logs: readonly Size[];
	readonly bottom: Size | undefined;
	/** Replaces team, plan and logs while one thing is zoomed. */
	readonly zoom: Size;
};

/** Rows of header, notice and hints. */
const frame = 3;

/** Blank columns between panes. */
export const gap = 2;

function layoutKind(columns: number, rows: number): LayoutKind {
	if (columns < minSize.columns || rows < minSize.rows) {
		return 'small';
	}

	return columns < 100 ? 'narrow' : columns < 160 ? 'normal' : 'wide';
}

/** The layout of the run screen; heights add up to the rows of the terminal. */
export function layoutOf(options: LayoutOptions): Layout {
	const {columns, rows} = options;
	const kind = layoutKind(columns, rows);
	const body = Math.max(0, rows - frame);
	const bottom = bottomHeight(options, body);
	const main = body - bottom;
	const base = {
		kind,
		bottom: bottom === 0 ? undefined : {width: columns, height: bottom},
		zoom: {width: columns, height: main},
	};
	switch (kind) {
		case 'small':
			return {...base, team: undefined, plan: undefined, logs: []};
		case 'narrow':
			return {...base, ...narrow(options, main)};
		case 'normal':
			return {...base, ...broad(options, main, 2)};
		case 'wide':
			return {...base, ...broad(options, main, columns < 200 ? 3 : 4)};
	}
}

/** A request may take most of the screen, but its context stays visible. */
function bottomHeight({bottom, rows}: LayoutOptions, body: number): number {
	const most = Math.max(5, Math.floor(body * (rows < 24 ? 0.6 : 0.5)));
	return Math.min(bottom, most, body);
}

/** Stacked: the focused part, and a log below it if there is room. */
function narrow(
	{columns, subtasks}: LayoutOptions,
	main: number,
): Pick<Layout, 'team' | 'plan' | 'logs'> {
	const logs = main >= 14 ? Math.max(5, main - Math.max(7, subtasks + 2)) : 0;
	const size = {width: columns, height: main - logs};
	return {
		team: size,
		plan: size,
		logs: logs === 0 ? [] : [{width: columns, height: logs}],
	};
}

function broad(
	{columns, agents, subtasks}: LayoutOptions,
	main: number,
	most: number,
): Pick<Layout, 'team' | 'plan' | 'logs'> {
	const wanted = Math.max(agents, subtasks, 4) + 1;
	const top = Math.max(4, Math.min(wanted, Math.floor(main * 0.45)));
	const team = Math.min(56, Math.max(36, Math.floor(columns * 0.36)));
	const logs = main - top;
	const count = logs < 4 ? 0 : Math.min(most, Math.max(1, agents));
	const width = Math.floor((columns - gap * (count - 1)) / Math.max(1, count));
	return {
		team: {width: team, height: count === 0 ? main : top},
		plan: {width: columns - team - gap, height: count === 0 ? main : top},
		logs: Array.from({length: count}, () => ({width, height: logs})),
	};
}
