import type {AppState} from '../app-store.ts';
import {gap, type Size} from '../run/layout.ts';
import {isFirstStart, type HomeView} from './home-view.ts';

export type HomeLayout = {
	readonly task: Size;
	readonly sideBySide: boolean;
	readonly teams: Size;
	readonly runs: Size;
	readonly providers: Size;
	/** Rows of a dialog, 0 without one. */
	readonly dialog: number;
};

/** Rows of title, notice and keys. */
const frame = 3;

/** Where everything of the home screen goes; the heights add up to the rows of the terminal. */
export function homeLayout(view: HomeView, {columns, rows, dialog}: AppState): HomeLayout {
	const body = rows - frame;
	const dialogRows = dialog === undefined || dialog.kind === 'help' ? 0 : Math.min(7, body - 4);
	const task = Math.min(isFirstStart(view) ? 11 : rows < 24 ? 3 : 6, body - dialogRows);
	const lists = Math.max(0, body - dialogRows - task);
	const width = columns;
	if (columns < 100) {
		const teams = Math.min(lists, Math.max(2, Math.min(6, (view.teams?.length ?? 1) + 1)));
		const providers = lists - teams >= 12 ? 6 : 0;
		return {
			task: {width, height: task},
			sideBySide: false,
			teams: {width, height: teams},
			runs: {width, height: lists - teams - providers},
			providers: {width, height: providers},
			dialog: dialogRows,
		};
	}

	const left = Math.floor(columns * 0.4);
	const providers = lists >= 14 ? Math.max(7, (view.test?.lines.length ?? 0) + 2) : 0;
	return {
		task: {width, height: task},
		sideBySide: true,
		teams: {width: left, height: lists - providers},
		runs: {width: columns - left - gap, height: lists - providers},
		providers: {width, height: providers},
		dialog: dialogRows,
	};
}
