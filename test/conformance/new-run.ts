import type {RunLog, Store} from '../../source/store/store.ts';
import {runStarted} from '../helpers/store-events.ts';

/** Gives a new, empty store that writes texts as `redact` leaves them. */
export type CreateStore = (options: {readonly redact: (text: string) => string}) => Promise<Store>;

/** A run `calm-river` that is just created, in a store of its own. */
export async function newRun(
	createStore: () => Promise<Store>,
): Promise<{store: Store; log: RunLog}> {
	const store = await createStore();
	return {store, log: await store.create(runStarted('calm-river'), [])};
}
