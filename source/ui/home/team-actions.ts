import type {TeamSummary} from '../../core/actions.ts';
import {notify, tellError, wordsOf, type App} from '../app-store.ts';
import {textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {ask} from '../ask.ts';
import {changeHome} from './change-home.ts';
import {selectedTeam, type HomeView} from './home-view.ts';
import {loadHome} from './load-home.ts';

const form = 'name provider [model], like: my-team ollama llama3.2';

/** Asks for a new team in one line; what is wrong with it is told where it is written. */
export function askForTeam(app: App, view: HomeView, text?: string, problem?: string): void {
	const found = view.providers?.find(({usable}) => usable)?.type;
	const name = view.teams?.some(team => team.name === 'my-team') === true ? 'team-2' : 'my-team';
	app.store.setState({
		dialog: {
			kind: 'text',
			title: 'New team',
			state: textBoxOf(text ?? (found === undefined ? '' : `${name} ${found}`)),
			placeholder: form,
			history: [],
			at: 0,
			problem,
			submit(written) {
				create(app, view, written);
			},
		},
	});
}

function create(app: App, view: HomeView, written: string): void {
	const [name = '', provider = '', ...model] = written.trim().split(/\s+/);
	if (name === '') {
		return;
	}

	app
		.services()
		.then(async ({actions}) =>
			actions.createTeam({
				name,
				provider,
				...(model.length === 0 ? {} : {model: model.join(' ')}),
			}),
		)
		.then(
			team => {
				notify(app, `Made the team ${team.name}: Enter writes a task for it, t tests it.`, 'good');
				showNew(app, team);
				loadHome(app);
			},
			(error: unknown) => {
				askForTeam(app, view, written, wordsOf(error));
			},
		);
}

/** The new team is there, and selected, before the lists are read again. */
function showNew(app: App, team: TeamSummary): void {
	const {home} = app.store.getState();
	const teams = [...(home?.teams ?? []), team].sort((a, b) => (a.name < b.name ? -1 : 1));
	changeHome(app, {teams, part: 'teams', team: {selected: teams.indexOf(team), top: 0}});
}

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
		notify(app, team ? 'A test is running.' : 'There is no team to test.', 'quiet');
		return;
	}

	changeHome(app, {test: {team: team.name, lines: [], running: true}});
	const tell = (line: NonNullable<HomeView['test']>['lines'][number]) => {
		const test = app.store.getState().home?.test;
		if (test) {
			changeHome(app, {test: {...test, lines: [...test.lines, line]}});
		}
	};
	const end = (lastLine?: Parameters<typeof tell>[0]) => {
		if (lastLine) {
			tell(lastLine);
		}

		const test = app.store.getState().home?.test;
		changeHome(app, {test: test && {...test, running: false}});
	};
	app
		.services()
		.then(async ({actions}) => actions.testTeam(team.name, tell, new AbortController().signal))
		.then(
			() => {
				end();
			},
			(error: unknown) => {
				end({outcome: 'failed', text: wordsOf(error)});
			},
		);
}
