import {tellError, type App} from '../app-store.ts';
import {changeHome} from './change-home.ts';

/** Runs that the list holds. */
const shownRuns = 40;

/** Looks for teams, runs and providers; each is shown as soon as it is there. */
export function loadHome(app: App): void {
	void load(app);
}

async function load(app: App): Promise<void> {
	try {
		const {actions, catalog} = await app.services();
		const looks = [
			actions.listTeams().then(teams => {
				changeHome(app, {teams});
			}),
			catalog.list({limit: shownRuns}).then(runs => {
				changeHome(app, {runs});
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
