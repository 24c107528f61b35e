import type {RunEvent} from '../../source/core/run-event.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {Store} from '../../source/store/store.ts';

/** A store as a crash leaves it: the first events of a run, with the texts that they name. */
export async function crashedStore(
	from: Store,
	events: readonly RunEvent[],
	count: number,
): Promise<Store> {
	const [first, ...rest] = events.slice(0, count).map(event => ({...event, epoch: 1}));
	if (!first) {
		throw new Error('nothing was logged');
	}

	const store = createMemoryStore({redact: text => text});
	const log = await store.create(first, []);
	for (const event of rest) {
		log.append(event);
	}

	for (const [, hash = ''] of JSON.stringify(events).matchAll(/"blob":"([0-9a-f]{64})"/g)) {
		log.putBlob((await from.readBlob(first.run, hash)) ?? '');
	}

	await log.close();
	return store;
}
