import {tellError, wordsOf, type App} from '../app-store.ts';
import type {ListPlace} from '../run/list-window.ts';
import {changeHome} from './change-home.ts';
import {runsAtOnce, type HomeList} from './home-view.ts';

/** Looks once more when the home screen is what is seen: another process may have changed what it lists. */
export function lookAgain(app: App): void {
	const {home, run} = app.store.getState();
	if (home && !run) {
		loadHome(app);
	}
}

/** Looks for teams, runs and providers; each is shown as soon as it is there. */
export function loadHome(app: App): void {
	look(app, 'teams', loadTeams);
	look(app, 'runs', loadRuns);
	look(app, 'providers', loadProviders);
}

/** Looks for older runs, where there may be some. */
export function loadMoreRuns(app: App): void {
	const {home} = app.store.getState();
	if (home?.runs && home.runs.length >= home.runLimit) {
		changeHome(app, {runLimit: home.runLimit + runsAtOnce});
		look(app, 'runs', loadRuns);
	}
}

/** Tells once of what cannot be looked at, and keeps it where the list would be. */
function look(app: App, list: HomeList, load: (app: App) => Promise<void>): void {
	const keep = (problem: string | undefined) => {
		const {home} = app.store.getState();
		changeHome(app, {unreadable: {...home?.unreadable, [list]: problem}});
	};
	load(app).then(
		() => {
			keep(undefined);
		},
		(error: unknown) => {
			keep(wordsOf(error));
			tellError(app, error);
		},
	);
}

async function loadTeams(app: App): Promise<void> {
	const {actions} = await app.services();
	const teams = await actions.listTeams();
	const {home} = app.store.getState();
	const team = home && stay(home.team, home.teams, teams, ({name}) => name);
	changeHome(app, {teams, ...(team && {team})});
}

async function loadRuns(app: App): Promise<void> {
	const {catalog} = await app.services();
	const limit = app.store.getState().home?.runLimit ?? runsAtOnce;
	const runs = await catalog.list({limit});
	const {home} = app.store.getState();
	// Whoever looks for more meanwhile gets these as well.
	if (home?.runLimit !== limit) {
		return;
	}

	// Who is not in the list finds the latest run selected.
	const place = home.part === 'runs' ? stay(home.run, home.runs, runs, ({run}) => run) : undefined;
	changeHome(app, {runs, ...(place && {run: place})});
}

async function loadProviders(app: App): Promise<void> {
	const {actions} = await app.services();
	const providers = await actions.findProviders();
	const {home} = app.store.getState();
	const place =
		home?.part === 'providers'
			? stay(home.provider, home.providers, providers, ({type}) => type)
			: undefined;
	changeHome(app, {providers, ...(place && {provider: place})});
}

/** The place of what was selected before, in the list as it is now; the same place when it is gone. */
function stay<Item>(
	place: ListPlace,
	before: readonly Item[] | undefined,
	items: readonly Item[],
	nameOf: (item: Item) => string,
): ListPlace {
	const was = before?.[Math.min(place.selected, before.length - 1)];
	const selected = was ? items.findIndex(item => nameOf(item) === nameOf(was)) : -1;
	return selected === -1 ? place : {...place, selected};
}
