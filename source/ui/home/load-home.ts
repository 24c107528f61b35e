import {reportError, errorText, type App} from '../app-store.ts';
import type {ListPosition} from '../run/list-window.ts';
import {changeHome} from './change-home.ts';
import {runsPerPage, type HomeList} from './home-view.ts';

/** Reloads the home screen if it is shown: other processes may have changed its lists. */
export function refreshHome(app: App): void {
	const {home, run} = app.store.getState();
	if (home && !run) {
		loadHome(app);
	}
}

/** Loads teams, runs and providers; each is shown as soon as it is loaded. */
export function loadHome(app: App): void {
	load(app, 'teams', loadTeams);
	load(app, 'runs', loadRuns);
	load(app, 'providers', loadProviders);
}

/** Loads older runs, if there may be any. */
export function loadMoreRuns(app: App): void {
	const {home} = app.store.getState();
	if (home?.runs && home.runs.length >= home.runLimit) {
		changeHome(app, {runLimit: home.runLimit + runsPerPage});
		load(app, 'runs', loadRuns);
	}
}

/** Loads a list; an error is reported and shown in its position. */
function load(app: App, list: HomeList, loadList: (app: App) => Promise<void>): void {
	const keep = (problem: string | undefined) => {
		const {home} = app.store.getState();
		changeHome(app, {unreadable: {...home?.unreadable, [list]: problem}});
	};
	loadList(app).then(
		() => {
			keep(undefined);
		},
		(error: unknown) => {
			keep(errorText(error));
			reportError(app, error);
		},
	);
}

async function loadTeams(app: App): Promise<void> {
	const {actions} = await app.services();
	const teams = await actions.listTeams();
	const {home} = app.store.getState();
	const team = home && keepSelection(home.team, home.teams, teams, ({name}) => name);
	changeHome(app, {teams, ...(team && {team})});
}

async function loadRuns(app: App): Promise<void> {
	const {catalog} = await app.services();
	const limit = app.store.getState().home?.runLimit ?? runsPerPage;
	const runs = await catalog.list({limit});
	const {home} = app.store.getState();
	// A later load with a larger limit includes these.
	if (home?.runLimit !== limit) {
		return;
	}

	// Without the focus, the latest run is selected.
	const position =
		home.part === 'runs' ? keepSelection(home.run, home.runs, runs, ({run}) => run) : undefined;
	changeHome(app, {runs, ...(position && {run: position})});
}

async function loadProviders(app: App): Promise<void> {
	const {actions} = await app.services();
	const providers = await actions.findProviders();
	const {home} = app.store.getState();
	const position =
		home?.part === 'providers'
			? keepSelection(home.provider, home.providers, providers, ({type}) => type)
			: undefined;
	changeHome(app, {providers, ...(position && {provider: position})});
}

/** Keeps the same item selected in a new list, or the same position if it is gone. */
function keepSelection<Item>(
	position: ListPosition,
	before: readonly Item[] | undefined,
	items: readonly Item[],
	nameOf: (item: Item) => string,
): ListPosition {
	const was = before?.[Math.min(position.selected, before.length - 1)];
	const selected = was ? items.findIndex(item => nameOf(item) === nameOf(was)) : -1;
	return selected === -1 ? position : {...position, selected};
}
