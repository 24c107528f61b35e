import {randomUUID} from 'node:crypto';
import {constants} from 'node:fs';
import {type FileHandle, open, readdir, rename, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {type SteeringCommand, steeringCommandSchema} from '../../core/steering-command.ts';
import {parseJson} from '../../core/json.ts';
import {writeDurably} from './durable-file.ts';
import type {StoreFileSystem} from './file-system.ts';
import {hasCode, withStoreErrors} from '../store-errors.ts';
import type {Inbox, InboxEntry} from '../store.ts';
import {type WatchOptions, watchFolder} from './watch-folder.ts';

/** Larger commands are refused, in bytes. */
const maxCommandBytes = 1024 * 1024;

/**
 * Folders of an inbox: a command is written to `tmp` and renamed into `new`; `bad` keeps malformed
 * files.
 */
export const inboxFolders = ['tmp', 'new', 'bad'] as const;

/**
 * The reader's side of the inbox in `directory` (a Maildir, https://cr.yp.to/proto/maildir.html).
 * Anyone can put anything there: malformed files never block valid commands.
 */
export function createInbox(directory: string, options: WatchOptions): Inbox {
	const waiting = join(directory, 'new');

	async function takeEntry(name: string): Promise<InboxEntry | undefined> {
		const read = await readCommand(join(waiting, name));
		if (!read) {
			return undefined;
		}
		if ('problem' in read) {
			await moveAside(name);
		}
		return {id: name.replace(/\.json$/, ''), ...read};
	}

	async function moveAside(name: string): Promise<void> {
		const plain = name.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
		await rename(join(waiting, name), join(directory, 'bad', `${plain}.${randomUUID()}`));
	}

	return {
		take: () =>
			withStoreErrors('read the inbox', async () => {
				const names = (await readdir(waiting)).filter(name => !name.startsWith('.')).sort();
				const entries: InboxEntry[] = [];
				for (const name of names) {
					const entry = await takeEntry(name);
					if (entry) {
						entries.push(entry);
					}
				}

				return entries;
			}),
		remove: id =>
			withStoreErrors('empty the inbox', () =>
				rm(join(waiting, `${basename(id)}.json`), {force: true}),
			),
		watch(wake, signal) {
			watchFolder(waiting, wake, signal, options);
		},
	};
}

/** Puts a command into an inbox, durably. `id` names its file; ids sort by time. */
export async function postCommand(
	directory: string,
	id: string,
	command: SteeringCommand,
	fileSystem: StoreFileSystem,
): Promise<void> {
	const draft = join(directory, 'tmp', `${id}.json`);
	await writeDurably(draft, JSON.stringify(command), fileSystem);
	await rename(draft, join(directory, 'new', `${id}.json`));
	await fileSystem.syncDirectory(join(directory, 'new'));
}

/** Creates command ids that sort by time, and by call order within a ms. */
export function createCommandIds(now: () => number): () => string {
	let last = 0;
	return () => {
		last = Math.max(now(), last + 1);
		return `${String(last).padStart(15, '0')}-${randomUUID().slice(0, 8)}`;
	};
}

type ReadResult = {readonly command: SteeringCommand} | {readonly problem: string};

/** `undefined` if the file is gone. */
async function readCommand(path: string): Promise<ReadResult | undefined> {
	if (!path.endsWith('.json')) {
		return {problem: 'its name does not end in .json'};
	}
	try {
		const file = await open(path, openFlags);
		try {
			return await parseCommand(file);
		} finally {
			await file.close();
		}
	} catch (error) {
		if (hasCode(error, 'ENOENT')) {
			return undefined;
		}
		if (hasCode(error, 'ELOOP') || hasCode(error, 'ENXIO')) {
			return {problem: 'it is not a file'};
		}
		if (hasCode(error, 'EACCES')) {
			return {problem: 'it cannot be read'};
		}
		throw error;
	}
}

/** Doesn't open links, and doesn't block on a pipe. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function parseCommand(file: FileHandle): Promise<ReadResult> {
	const stats = await file.stat();
	if (!stats.isFile()) {
		return {problem: 'it is not a file'};
	}
	if (stats.size > maxCommandBytes) {
		return {problem: `it is larger than ${maxCommandBytes} bytes`};
	}
	const command = steeringCommandSchema.safeParse(parseJson(await file.readFile('utf8')));
	if (command.success) {
		return {command: command.data};
	}
	const issue = command.error.issues[0];
	return {problem: `it is not a command: ${issue?.path.join('.')} ${issue?.message}`};
}
