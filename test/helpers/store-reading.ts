import {createHash} from 'node:crypto';
import {onTestFinished} from 'vitest';
import type {InboxEntry, RunLog} from '../../source/store/store.ts';

/** Waits for commands the way the engine does. */
export function nextEntries(log: RunLog, signal: AbortSignal): Promise<readonly InboxEntry[]> {
	return new Promise((resolve, reject) => {
		log.inbox.watch(() => {
			log.inbox.take().then(entries => {
				if (entries.length > 0) {
					resolve(entries);
				}
			}, reject);
		}, signal);
	});
}

/** A signal that is aborted after the running test. */
export function untilTestEnds(): AbortSignal {
	const controller = new AbortController();
	onTestFinished(() => {
		controller.abort();
	});
	return controller.signal;
}

/** The first item, or `undefined` when there is none. */
export async function nextOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
	for await (const item of items) {
		return item;
	}
	return undefined;
}

export function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
