import {reportError, type App} from './app-store.ts';
import {changeView} from './run/change-view.ts';

/** How often to check the process of an attached run, in ms. */
const pollMs = 5_000;

/**
 * Checks periodically whether the process of the attached run is alive: a killed process logs no end.
 * Returns a function that stops.
 */
export function watchOwner(app: App): () => void {
	const check = () => {
		checkOwner(app).catch((error: unknown) => {
			reportError(app, error);
		});
	};
	const timer = setInterval(check, pollMs);
	const unsubscribe = app.store.subscribe(({run}, before) => {
		if (run && run.session !== before.run?.session) {
			check();
		}
	});
	check();
	return () => {
		clearInterval(timer);
		unsubscribe();
	};
}

async function checkOwner(app: App): Promise<void> {
	const session = app.store.getState().run?.session;
	if (session?.source.kind !== 'attached' || session.state().report) {
		return;
	}

	const {catalog} = await app.services();
	const abandoned = !(await catalog.isLive(session.run.id));
	const now = app.store.getState().run;
	if (now?.session === session && now.abandoned !== abandoned) {
		changeView(app, {abandoned});
	}
}
