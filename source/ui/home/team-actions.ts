import type {TestLine} from '../../core/actions.ts';
import {notify, reportError, errorText, type App} from '../app-store.ts';
import {confirm} from '../confirm.ts';
import type {Move} from '../run/list-window.ts';
import {scrollBy} from '../run/list-window.ts';
import {changeHome} from './change-home.ts';
import {testRows} from './home-rows.ts';
import {selectedTeam, type HomeView, type TeamTest} from './home-view.ts';
import {loadHome} from './load-home.ts';

export function deleteTeam(app: App, view: HomeView): void {
	const team = selectedTeam(view);
	if (!team) {
		notify(app, 'There is no team to delete.', 'quiet');
		return;
	}

	confirm(app, `Delete team ${team.name}?`, 'Its runs are kept.', () => {
		app
			.services()
			.then(async ({actions}) => actions.deleteTeam(team.name))
			.then(
				() => {
					notify(app, `Deleted ${team.name}.`, 'good');
					changeHome(app, {team: {selected: 0, top: 0}});
					loadHome(app);
				},
				(error: unknown) => {
					reportError(app, error);
				},
			);
	});
}

/** Tests the provider of the selected team and shows each step. */
export function testTeam(app: App, view: HomeView): void {
	const team = selectedTeam(view);
	if (!team || view.test?.running === true) {
		notify(app, team ? 'A test is running; Esc stops it.' : 'There is no team to test.', 'quiet');
		return;
	}

	const ending = new AbortController();
	const stop = () => {
		ending.abort();
	};
	changeHome(app, {test: {team: team.name, lines: [], running: true, top: undefined, stop}});
	/** Ignores results after the test was closed. */
	const change = (fields: (test: TeamTest) => Partial<TeamTest>) => {
		const test = app.store.getState().home?.test;
		if (test?.stop === stop) {
			changeHome(app, {test: {...test, ...fields(test)}});
		}
	};
	const addLine = (line: TestLine) => {
		change(({lines}) => ({lines: [...lines, line]}));
	};
	app
		.services()
		.then(async ({actions}) => actions.testTeam(team.name, addLine, ending.signal))
		.catch((error: unknown) => {
			addLine({outcome: 'failed', text: errorText(error)});
		})
		.finally(() => {
			change(() => ({running: false}));
		});
}

/** Closes a test, stopping it if it is still running. */
export function closeTest(app: App, test: TeamTest): void {
	test.stop();
	changeHome(app, {test: undefined});
}

/** Scrolls a test; `height` includes its title. */
export function scrollTest(
	app: App,
	test: TeamTest,
	move: Move,
	{width, height}: {readonly width: number; readonly height: number},
): void {
	const {length} = testRows(test.lines, {width, ascii: false});
	const shown = Math.max(1, height - (test.running ? 2 : 1));
	changeHome(app, {
		test: {...test, top: scrollBy(test.top, move, {first: 0, length, height: shown})},
	});
}
