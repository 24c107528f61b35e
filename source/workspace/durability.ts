import {open, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';

/**
 * Makes a repository survive a power loss: everything written since the last call, contents before
 * names, references last. Many files are synced by one `sync -f` of their file system, few by
 * `fsync`. Rejects on a disk error.
 */
export function createSync(repository: string): () => Promise<void> {
	const seen = new Map<string, number>();

	return async () => {
		const changed = await changedDirectories(path.join(repository, 'objects'), seen);
		const files: string[] = [];
		for (const {directory, since} of changed) {
			files.push(...(await filesSince(directory, since)));
		}

		const heads = path.join(repository, 'refs/heads');
		if (files.length < syncFileSystemFrom || !(await syncFileSystem(repository))) {
			await syncAll(files);
			await syncAll(changed.map(({directory}) => directory));
		}

		await syncAll([path.join(heads, 'integration'), heads]);
		for (const {directory, modified} of changed) {
			seen.set(directory, modified);
		}
	};
}

/** Makes files or directories durable. */
export async function syncAll(files: readonly string[]): Promise<void> {
	for (let at = 0; at < files.length; at += batchSize) {
		await Promise.all(files.slice(at, at + batchSize).map(syncFile));
	}
}

const syncFileSystemFrom = 200;
const batchSize = 16;

/** Modification times are only compared with each other, never with our clock. */
async function changedDirectories(objects: string, seen: ReadonlyMap<string, number>) {
	const names = await readdir(objects);
	const directories = [objects, ...names.filter(isFinished).map(name => path.join(objects, name))];
	const found = await Promise.all(
		directories.map(async directory => {
			const since = seen.get(directory) ?? 0;
			const {mtimeMs: modified} = await stat(directory);
			return modified === since ? undefined : {directory, since, modified};
		}),
	);
	return found.filter(entry => entry !== undefined);
}

async function filesSince(directory: string, since: number): Promise<readonly string[]> {
	const entries = await readdir(directory, {withFileTypes: true});
	const files = entries
		.filter(entry => entry.isFile() && isFinished(entry.name))
		.map(entry => path.join(directory, entry.name));
	const times = await Promise.all(files.map(async file => (await stat(file)).mtimeMs));
	return files.filter((_, index) => (times[index] ?? 0) > since - coarseClockMs);
}

/** Git writes to `tmp_…` or `….lock` and renames: what another command is writing now may soon be gone. */
function isFinished(name: string): boolean {
	return !name.startsWith('tmp_') && !name.endsWith('.lock');
}

/** Some file systems have timestamps with a resolution of two seconds. */
const coarseClockMs = 2000;

async function syncFile(file: string): Promise<void> {
	const handle = await open(file, 'r');
	await handle.sync().finally(async () => handle.close());
}

/** https://man7.org/linux/man-pages/man1/sync.1.html */
async function syncFileSystem(directory: string): Promise<boolean> {
	const {failed} = await execa('sync', ['-f', directory], {reject: false, stdio: 'ignore'});
	return !failed;
}
