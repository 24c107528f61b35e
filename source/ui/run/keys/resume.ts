import {notify, tellError, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';

const over = new Set(['completed', 'rejected', 'cancelled']);

/** Goes on with a run that has stopped or failed, in the place of its view. */
export function resumeInPlace(app: App, {session}: RunView): void {
	const {status} = session.state();
	if (session.source.kind === 'replay' || over.has(status)) {
		notify(app, `The run is ${status}: there is nothing to resume.`, 'quiet');
		return;
	}

	app
		.showRun(async ({actions}) => ({kind: 'own', run: await actions.resumeRun(session.run.id)}))
		.catch((error: unknown) => {
			tellError(app, error);
		});
}
