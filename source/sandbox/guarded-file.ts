import {createHash} from 'node:crypto';
import {constants} from 'node:fs';
import type {Stats} from 'node:fs';
import {lstat, mkdir, open, readdir, rename, unlink} from 'node:fs/promises';
import {FailureError} from '../core/failure.ts';
import {linkError} from './open-directory.ts';
import type {OpenDirectory} from './open-directory.ts';
import type {Entry} from './path-guard.ts';
import {denied, isGitDirectory} from './workspace-path.ts';

/** Reads the entire file `last` of a directory, if it is a regular file of at most `maxBytes`. */
export async function readRegularFile(
	directory: OpenDirectory,
	last: string,
	name: string,
	maxBytes: number,
): Promise<Buffer> {
	// Opening a device or pipe can have side effects or block: check first, then open, then check
	// again.
	const file = directory.entry(last);
	refuseUnlessFile(await lstat(file), name);
	const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const opened = await handle.stat();
		refuseUnlessFile(opened, name);
		await directory.verify({name: last, opened});
		const chunks: Buffer[] = [];
		let length = 0;
		for await (const chunk of handle.createReadStream({autoClose: false, end: maxBytes})) {
			chunks.push(chunk);
			length += chunk.length;
		}

		if (length > maxBytes) {
			throw new FailureError('tool-failed', `${name} is larger than ${maxBytes} bytes`);
		}

		return Buffer.concat(chunks);
	} finally {
		await handle.close();
	}
}

/** Enters a directory, creating it if missing. */
export async function enterOrCreate(
	directory: OpenDirectory,
	name: string,
): Promise<OpenDirectory> {
	await mkdir(directory.entry(name)).catch((error: unknown) => {
		if (codeOf(error) !== 'EEXIST') {
			throw error;
		}
	});
	return directory.enter(name);
}

/** Replaces the file `last` of a directory by rename; refuses links and files with hard links. */
export async function replaceFile(
	directory: OpenDirectory,
	last: string,
	name: string,
	content: Buffer,
): Promise<void> {
	const target = directory.entry(last);
	const old = await lstat(target).catch(ignoreMissing);
	if (old !== undefined) {
		if (old.isSymbolicLink()) {
			throw linkError(name);
		}

		refuseUnlessFile(old, name);
		if (old.nlink > 1) {
			throw denied(name, 'another name outside may stand for the same file (hard link)');
		}
	}

	const temporary = directory.entry(
		`.llm-orchestrator-${createHash('sha256').update(last).digest('hex').slice(0, 16)}.tmp`,
	);
	await unlink(temporary).catch(ignoreMissing);
	const handle = await open(
		temporary,
		constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
		0o666,
	);
	try {
		await directory.verify();
		await handle.writeFile(content);
		if (old !== undefined) {
			await handle.chmod(old.mode & 0o777);
		}

		await handle.sync();
		await directory.verify();
		await rename(temporary, target);
		await directory.sync();
	} catch (error) {
		await unlink(temporary).catch(() => undefined);
		throw error;
	} finally {
		await handle.close();
	}
}

export type NamedEntry = Omit<Entry, 'path'> & {readonly name: string};

export async function listEntries(
	parent: OpenDirectory,
	last: string,
): Promise<readonly NamedEntry[]> {
	const directory = last === '.' ? parent : await parent.enter(last);
	try {
		const names = (await readdir(directory.entry('.'))).filter(name => !isGitDirectory(name));
		const entries = await Promise.all(names.sort().map(name => describeEntry(directory, name)));
		await directory.verify();
		return entries.filter(entry => entry !== undefined);
	} finally {
		if (directory !== parent) {
			await directory.close();
		}
	}
}

async function describeEntry(
	directory: OpenDirectory,
	name: string,
): Promise<NamedEntry | undefined> {
	const found = await lstat(directory.entry(name)).catch(ignoreMissing);
	if (found === undefined) {
		return undefined;
	}

	if (found.isFile()) {
		return {name, kind: 'file', size: found.size};
	}

	return {name, kind: found.isDirectory() ? 'directory' : 'other'};
}

function refuseUnlessFile(found: Stats, name: string): void {
	if (!found.isFile()) {
		throw found.isSymbolicLink()
			? linkError(name)
			: new FailureError(
					'tool-failed',
					found.isDirectory() ? `${name} is a directory` : `${name} is not a regular file`,
				);
	}
}

/** The system's error code. */
export function codeOf(error: unknown): unknown {
	return error instanceof Error && 'code' in error ? error.code : undefined;
}

function ignoreMissing(error: unknown): undefined {
	if (codeOf(error) !== 'ENOENT') {
		throw error;
	}
}
