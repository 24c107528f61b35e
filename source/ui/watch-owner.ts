import {tellError, type App} from './app-store.ts';
import {changeView} from './run/change-view.ts';

/** How often it is looked whether the process of an attached run still lives, ms. */
const lookMs = 5_000;

/**
 * Looks whether anybody works on the attached run that is shown, when it comes and now and then: a
 * process that is killed writes no end. Returns how to stop.
 */
export function watchOwner(app: App): () => void {
	const look = () => {
		lookOnce(app).catch((error: unknown) => {
			tellError(app, error);
		});
	};
	const timer = setInterval(look, lookMs);
	const unsubscribe = app.store.subscribe(({run}, before) => {
		if (run && run.session !== before.run?.session) {
			look();
		}
	});
	look();
	return () => {
		clearInterval(timer);
		unsubscribe();
	};
}

async function lookOnce(app: App): Promise<void> {
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
