/** Columns and rows of a part of the screen. */
export type Size = {readonly width: number; readonly height: number};

export type LayoutKind = 'small' | 'narrow' | 'normal' | 'wide';

/** The smallest screen that shows everything that is needed to lead a run. */
export const smallest = {columns: 60, rows: 15};

export type LayoutOptions = {
	readonly columns: number;
	readonly rows: number;
	readonly agents: number;
	readonly subtasks: number;
	/** Rows that the part at the bottom (a request, a text box) would like, 0 when there is none. */
	readonly bottom: number;
};

export type Layout = {
	readonly kind: LayoutKind;
	readonly team: Size | undefined;
	readonly plan: Size | undefined;
	/** One for each log that is shown, left to right. */
	readonly logs: readonly Size[];
	readonly bottom: Size | undefined;
	/** What fills the place of team, plan and logs when one thing is looked at alone. */
	readonly zoom: Size;
};

/** Rows of header, notice and keys. */
const frame = 3;

/** Blank columns between neighbours. */
export const gap = 2;

export function layoutKind(columns: number, rows: number): LayoutKind {
	if (columns < smallest.columns || rows < smallest.rows) {
		return 'small';
	}

	return columns < 100 ? 'narrow' : columns < 160 ? 'normal' : 'wide';
}

/** Where everything of the run screen goes; the heights add up to the rows of the terminal. */
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

/** A request may take the larger part of the screen, but what it is about stays in sight. */
function bottomHeight({bottom, rows}: LayoutOptions, body: number): number {
	const most = Math.max(5, Math.floor(body * (rows < 24 ? 0.6 : 0.5)));
	return Math.min(bottom, most, body);
}

/** One above the other: the chosen part, and under it a log where there is room. */
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
