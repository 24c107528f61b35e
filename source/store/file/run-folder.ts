import {randomUUID} from 'node:crypto';
import {mkdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {RunEvent} from '../../core/run-event.ts';
import {writeDurably} from './durable-file.ts';
import {encodeEventLine} from '../log-line.ts';
import type {StoreFileSystem} from './file-system.ts';
import type {ProcessOwner} from './owner-state.ts';
import {inboxFolders} from './inbox.ts';
import {createLock} from './lock.ts';
import type {Redact} from '../../core/redact.ts';
import {redactedStart} from '../redacted-start.ts';
import {hasCode} from '../store-errors.ts';
import {StoreError} from '../../core/store-error.ts';

/** The log in a run's folder. */
export const logName = 'events.jsonl';

/** Subfolders that every run's folder has. */
const subfolders = [
	'blobs',
	'transcripts',
	'inbox',
	...inboxFolders.map(folder => join('inbox', folder)),
];

/**
 * Creates a run's folder with its first event, blobs and lock. It is created under another name and
 * renamed once everything is durable.
 */
export async function createRunFolder(options: {
	readonly runs: string;
	readonly first: RunEvent;
	readonly blobs: readonly string[];
	readonly owner: ProcessOwner;
	readonly redact: Redact;
	readonly fileSystem: StoreFileSystem;
}): Promise<void> {
	const {runs, redact, fileSystem} = options;
	const {first, blobs} = redactedStart(options.first, options.blobs, redact);
	await mkdir(runs, {recursive: true, mode: 0o700});
	const draft = join(runs, `.new-${randomUUID()}`);
	try {
		await makeSubfolders(draft);
		for (const [name, text] of blobs) {
			await writeDurably(join(draft, 'blobs', name), text, fileSystem);
		}

		await writeDurably(join(draft, logName), encodeEventLine(first, redact), fileSystem);
		for (const folder of subfolders) {
			await fileSystem.syncDirectory(join(draft, folder));
		}
		await createLock(draft, first.epoch, options.owner, fileSystem);
		await renameNew(draft, join(runs, first.run), first.run);
	} catch (error) {
		await rm(draft, {recursive: true, force: true});
		throw error;
	}

	await fileSystem.syncDirectory(runs);
}

/** Creates missing subfolders of a run's folder. */
export async function makeSubfolders(directory: string): Promise<void> {
	for (const folder of subfolders) {
		await mkdir(join(directory, folder), {recursive: true, mode: 0o700});
	}
}

async function renameNew(draft: string, directory: string, run: string): Promise<void> {
	try {
		await rename(draft, directory);
	} catch (error) {
		if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) {
			throw error;
		}
		throw new StoreError('io', `a run named ${run} already exists`, {
			cause: error,
			hint: 'Start the run under another name.',
		});
	}
}
