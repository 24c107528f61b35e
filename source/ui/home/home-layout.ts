import type {AppState} from '../app-store.ts';
import {gap, type Size} from '../run/layout.ts';
import {testRows, welcomeRows} from './home-rows.ts';
import {hasNoTeam, type HomeView} from './home-view.ts';

export type HomeLayout = {
	readonly task: Size;
	readonly sideBySide: boolean;
	readonly teams: Size;
	readonly runs: Size;
	readonly providers: Size;
	/** Rows of the dialog; 0 without one. */
	readonly dialog: number;
};

/** Rows of title, notice and hints. */
const frame = 3;

/** The layout of the home screen; heights add up to the rows of the terminal. */
export function homeLayout(view: HomeView, {columns, rows, dialog}: AppState): HomeLayout {
	const body = rows - frame;
	const hasDialog = dialog !== undefined && dialog.kind !== 'help';
	const dialogRows = hasDialog ? Math.max(3, Math.min(7, body - 4)) : 0;
	const task = Math.min(taskHeight(view, {columns, rows, body}), body - dialogRows);
	const lists = body - dialogRows - task;
	const wanted = providersHeight(view, columns);
	const isActive = view.test !== undefined || view.part === 'providers';
	const width = columns;
	if (columns < 100) {
		const most = Math.max(lists >= 14 ? 6 : 4, Math.floor(lists * 0.35));
		const items = view.teams?.length ?? (view.unreadable.teams === undefined ? 1 : 3);
		const teams = Math.min(lists, Math.max(2, Math.min(most, items + 1)));
		const room = lists - teams;
		// If there is room, runs stay visible while providers are active.
		const kept = view.part === 'runs' ? 3 : room < 8 ? 0 : 2;
		const spare = Math.min(wanted, room - (view.runs?.length ?? 2) - 1);
		const usual = Math.max(room >= 12 ? 6 : room >= 8 ? 4 : 0, spare < 3 ? 0 : spare);
		const providers = isActive ? Math.max(0, Math.min(room - kept, wanted)) : usual;
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
	const usual = lists >= 14 ? 7 : 0;
	const providers = Math.min(Math.max(0, lists - 3), isActive ? Math.max(usual, wanted) : usual);
	return {
		task: {width, height: task},
		sideBySide: true,
		teams: {width: left, height: lists - providers},
		runs: {width: columns - left - gap, height: lists - providers},
		providers: {width, height: providers},
		dialog: dialogRows,
	};
}

/** Rows for the task, or for the welcome text. */
function taskHeight(
	view: HomeView,
	{columns, rows, body}: {readonly columns: number; readonly rows: number; readonly body: number},
): number {
	if (!hasNoTeam(view)) {
		return rows < 24 ? 3 : rows < 30 ? 4 : 6;
	}

	const hasRuns = (view.runs?.length ?? 0) > 0;
	const wanted = welcomeRows(view.providers, {width: columns, hasRuns}).length + 1;
	return hasRuns ? Math.max(3, Math.min(wanted, body - 5)) : wanted;
}

/** Rows needed for all providers, or for a test. */
function providersHeight({test, providers}: HomeView, columns: number): number {
	return test
		? Math.max(6, testRows(test.lines, {width: columns, ascii: false}).length + 2)
		: (providers?.length ?? 2) + 1;
}
