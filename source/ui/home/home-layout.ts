import type {AppState} from '../app-store.ts';
import {gap, type Size} from '../run/layout.ts';
import {welcomeRows} from './home-rows.ts';
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
	const hasDialog = dialog !== undefined && dialog.kind !== 'help';
	const dialogRows = hasDialog ? Math.max(3, Math.min(7, body - 4)) : 0;
	const wanted = isFirstStart(view)
		? welcomeRows(view.providers, columns).length + 1
		: rows < 24
			? 3
			: 6;
	const task = Math.min(wanted, body - dialogRows);
	const lists = body - dialogRows - task;
	const tested = view.test ? Math.max(6, view.test.lines.length + 2) : 0;
	const width = columns;
	if (columns < 100) {
		const teams = Math.min(lists, Math.max(2, Math.min(6, (view.teams?.length ?? 1) + 1)));
		const room = lists - teams;
		const providers = Math.min(room, tested || (room >= 12 ? 6 : room >= 8 ? 4 : 0));
		return {
			task: {width, height: task},
			sideBySide: false,
			teams: {width, height: teams},
			runs: {width, height: room - providers},
			providers: {width, height: providers},
			dialog: dialogRows,
		};
	}

	const left = Math.floor(columns * 0.4);
	const providers = Math.min(Math.max(0, lists - 3), tested || (lists >= 14 ? 7 : 0));
	return {
		task: {width, height: task},
		sideBySide: true,
		teams: {width: left, height: lists - providers},
		runs: {width: columns - left - gap, height: lists - providers},
		providers: {width, height: providers},
		dialog: dialogRows,
	};
}
