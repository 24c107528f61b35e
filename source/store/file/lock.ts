import {randomUUID} from 'node:crypto';
import {statSync} from 'node:fs';
import {link, readdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {parseJson} from '../../core/json.ts';
import {writeDurably} from './durable-file.ts';
import type {StoreFileSystem} from './file-system.ts';
import type {ProcessOwner} from './owner-state.ts';
import {processOwner, type ProcessIdentity} from './identity.ts';
import {hasCode} from '../store-errors.ts';
import {StoreError} from '../../core/store-error.ts';
import {RunHeldError} from '../store.ts';

/** The newest lock of a run. `closed`: its owner released the run. */
export type Lock = {readonly epoch: number; readonly owner: ProcessOwner; readonly closed: boolean};

/**
 * Makes this process the owner of a run, under the epoch after the newest; rejects with
 * `RunHeldError` if another owner is alive.
 *
 * Ownership is the file `lock.<epoch>` with the highest epoch. It appears atomically, by an
 * exclusive `link()`, and is never removed or changed, so an epoch is assigned once: if several
 * processes see the same dead owner, one gets the next epoch and the others find a live owner when
 * they retry.
 */
export async function claimLock(options: {
	readonly directory: string;
	readonly run: string;
	readonly identity: ProcessIdentity;
	readonly takeOver: boolean;
	readonly fileSystem: StoreFileSystem;
}): Promise<number> {
	const {directory, run, identity, takeOver, fileSystem} = options;
	for (;;) {
		const newest = await readNewestLock(directory);
		const holder = newest?.closed ? undefined : newest?.owner;
		const state = holder ? identity.stateOf(holder) : 'dead';
		if (holder && (state === 'alive' || (state === 'unknown' && !takeOver))) {
			throw new RunHeldError(run, processOwner(holder), state === 'unknown');
		}

		const epoch = (newest?.epoch ?? 0) + 1;
		if (await createLock(directory, epoch, identity.self(), fileSystem)) {
			return epoch;
		}
	}
}

/** Creates the lock file of an epoch, durably; false if the epoch is taken. */
export async function createLock(
	directory: string,
	epoch: number,
	owner: ProcessOwner,
	fileSystem: StoreFileSystem,
): Promise<boolean> {
	const draft = join(directory, `lock.${epoch}.${randomUUID()}`);
	await writeDurably(draft, JSON.stringify(owner), fileSystem);
	try {
		await link(draft, lockPath(directory, epoch));
	} catch (error) {
		if (hasCode(error, 'EEXIST')) {
			return false;
		}
		throw error;
	} finally {
		await rm(draft, {force: true});
	}

	await fileSystem.syncDirectory(directory);
	return true;
}

/**
 * Marks the lock of an epoch as released, by a second name of the lock, since that needs no space
 * on a full disk. The next owner takes the next epoch.
 */
export async function closeLock(
	directory: string,
	epoch: number,
	fileSystem: StoreFileSystem,
): Promise<void> {
	await link(lockPath(directory, epoch), join(directory, `closed.${epoch}`));
	await fileSystem.syncDirectory(directory);
}

/** Whether there is a later owner than that of `epoch`. Takes a few µs. */
export function isSuperseded(directory: string, epoch: number): boolean {
	return statSync(lockPath(directory, epoch + 1), {throwIfNoEntry: false}) !== undefined;
}

export async function readNewestLock(directory: string): Promise<Lock | undefined> {
	const names = new Set(await readdir(directory));
	const epochs = [...names].flatMap(name => /^lock\.([1-9]\d{0,14})$/.exec(name)?.[1] ?? []);
	if (epochs.length === 0) {
		return undefined;
	}

	const epoch = Math.max(...epochs.map(Number));
	const path = lockPath(directory, epoch);
	const owner = ownerSchema.safeParse(parseJson(await readFile(path, 'utf8')));
	if (!owner.success) {
		throw new StoreError('damaged', `${path} does not name the owner of the run`, {
			hint: `If no process owns this run, close its lock by hand: ln ${path} ${join(directory, `closed.${epoch}`)}`,
		});
	}

	return {epoch, owner: owner.data, closed: names.has(`closed.${epoch}`)};
}

const ownerSchema: z.ZodType<ProcessOwner> = z.object({
	host: z.string(),
	machine: z.string(),
	boot: z.string(),
	pidNamespace: z.string(),
	pid: z.number().int(),
	processStart: z.string(),
});

function lockPath(directory: string, epoch: number): string {
	return join(directory, `lock.${epoch}`);
}
