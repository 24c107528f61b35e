import {randomUUID} from 'node:crypto';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Change} from '../core/change.ts';
import type {Git} from './git.ts';

/** Bundles the commit of a change, without what its base contains. https://git-scm.com/docs/git-bundle */
export async function exportChange(git: Git, {base, commit}: Change): Promise<Buffer> {
	// Bundles contain references, so the commit temporarily needs one.
	const reference = `refs/bundles/${randomUUID()}`;
	await git.run(['update-ref', reference, commit]);
	try {
		const range = [reference, `^${base}`];
		return (await git.run(['bundle', 'create', '--quiet', '-', ...range])).stdout;
	} finally {
		await git.run(['update-ref', '-d', reference]);
	}
}

/** @param scratch a directory for the temporary bundle file */
export async function importChange(git: Git, bundle: Buffer, scratch: string): Promise<void> {
	const file = path.join(scratch, randomUUID());
	await mkdir(scratch, {recursive: true});
	try {
		await writeFile(file, bundle);
		await git.run(['bundle', 'unbundle', file]);
	} finally {
		await rm(file, {force: true});
	}
}
