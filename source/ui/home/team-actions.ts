import type {TestLine} from '../../core/actions.ts';
import {notify, tellError, wordsOf, type App} from '../app-store.ts';
import {ask} from '../confirm.ts';
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

	ask(app, `Delete the team ${team.name}?`, 'Its runs stay.', () => {
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
					tellError(app, error);
				},
			);
	});
}

/** Tries the provider of the selected team; each thing that was tried is shown as it comes. */
export function testTeam(app: App, view: HomeView): void {
	const team = selectedTeam(view);
	if (!team || view.test?.running === true) {
		notify(app, team ? 'A test is running; Esc ends it.' : 'There is no team to test.', 'quiet');
		return;
	}

	const ending = new AbortController();
	const stop = () => {
		ending.abort();
	};
	changeHome(app, {test: {team: team.name, lines: [], running: true, top: undefined, stop}});
	/** Once it was put away, nothing more is told of it. */
	const change = (fields: (test: TeamTest) => Partial<TeamTest>) => {
		const test = app.store.getState().home?.test;
		if (test?.stop === stop) {
			changeHome(app, {test: {...test, ...fields(test)}});
		}
	};
	const tell = (line: TestLine) => {
		change(({lines}) => ({lines: [...lines, line]}));
	};
	app
		.services()
		.then(async ({actions}) => actions.testTeam(team.name, tell, ending.signal))
		.catch((error: unknown) => {
			tell({outcome: 'failed', text: wordsOf(error)});
		})
		.finally(() => {
			change(() => ({running: false}));
		});
}

/** Gives the place of a test back to the providers; ends it where it goes on. */
export function putTestAway(app: App, test: TeamTest): void {
	test.stop();
	changeHome(app, {test: undefined});
}

/** Moves in what is seen of a test; `height` with its title. */
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
