import type {RunEvent} from '../../core/run-event.ts';
import {join} from 'node:path';
import {createChangeSignal} from '../change-signal.ts';
import {logStart} from './decode-log.ts';
import {readLogFile} from './event-log.ts';
import {logName} from './run-folder.ts';
import {withStoreErrors} from '../store-errors.ts';
import {type WatchOptions, watchFolder} from './watch-folder.ts';

/** The events of the log in `directory` after `after`, then each new one, until aborted. */
export async function* followLog(
	directory: string,
	after: number,
	signal: AbortSignal,
	options: WatchOptions,
): AsyncGenerator<RunEvent, void, undefined> {
	const ended = new AbortController();
	const watching = AbortSignal.any([signal, ended.signal]);
	const changes = createChangeSignal(watching);
	let place = logStart;
	try {
		watchFolder(directory, changes.report, watching, options);
		while (!signal.aborted) {
			const path = join(directory, logName);
			const {events, end} = await withStoreErrors(`follow ${path}`, () => readLogFile(path, place));
			place = end;
			for (const event of events) {
				if (signal.aborted) {
					return;
				}
				if (event.seq > after) {
					yield event;
				}
			}

			await changes.next();
		}
	} finally {
		ended.abort();
	}
}
