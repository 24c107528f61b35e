import {tellError, type App} from '../app-store.ts';
import type {ListPlace} from '../run/list-window.ts';
import {changeHome} from './change-home.ts';

/** Runs that the list holds. */
const shownRuns = 40;

/** Looks once more when the home screen is what is seen: another process may have changed what it lists. */
export function lookAgain(app: App): void {
	const {home, run} = app.store.getState();
	if (home && !run) {
		loadHome(app);
	}
}

/** Looks for teams, runs and providers; each is shown as soon as it is there. */
export function loadHome(app: App): void {
	void load(app);
}

async function load(app: App): Promise<void> {
	try {
		const {actions, catalog} = await app.services();
		const looks = [
			actions.listTeams().then(teams => {
				const {home} = app.store.getState();
				const team = home && stay(home.team, home.teams, teams, ({name}) => name);
				changeHome(app, {teams, ...(team && {team})});
			}),
			catalog.list({limit: shownRuns}).then(runs => {
				const {home} = app.store.getState();
				// Who is not in the list finds the latest run selected.
				const place =
					home?.part === 'runs' ? stay(home.run, home.runs, runs, ({run}) => run) : undefined;
				changeHome(app, {runs, ...(place && {run: place})});
			}),
			actions.findProviders().then(providers => {
				changeHome(app, {providers});
			}),
		];
		for (const look of looks) {
			look.catch((error: unknown) => {
				tellError(app, error);
			});
		}
	} catch (error) {
		tellError(app, error);
	}
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
