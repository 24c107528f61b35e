import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {Change} from '../../source/core/change.ts';
import {createWorkspace} from '../../source/workspace/create-workspace.ts';
import type {Workspace} from '../../source/workspace/workspace.ts';
import {readFiles, temporaryDirectory, temporaryRepository} from '../helpers/repository.ts';

/** A workspace of the same directory, as it is made on each machine. */
function workspaceOf(directory: string): Workspace {
	const workDirectory = path.join(temporaryDirectory('run'), 'work');
	return createWorkspace({directory, workDirectory, run: 'r1', environment: process.env});
}

async function changeIn(workspace: Workspace, base: string): Promise<Change> {
	const attempt = await workspace.open('a', base);
	writeFileSync(path.join(attempt.directory, 'new.bin'), Buffer.from([0, 255, 10, 13]));
	writeFileSync(path.join(attempt.directory, 'a.txt'), 'changed');
	const change = await workspace.commit(attempt, 'work');
	if (!change) {
		throw new Error('nothing was changed');
	}

	return change;
}

test('a change that was made on one machine is merged on another', async () => {
	const directory = temporaryRepository({'a.txt': 'a', 'b.txt': 'b'});
	const [here, there] = [workspaceOf(directory), workspaceOf(directory)];
	const {base} = await here.prepare();
	expect((await there.prepare()).base).toBe(base);
	const change = await changeIn(there, base);
	await expect(here.merge(change, base)).rejects.toMatchObject({kind: 'internal'});

	await here.importChange(await there.exportChange(change));
	const merged = await here.merge(change, base);
	expect(merged).toEqual(await there.merge(change, base));
	const commit = merged.kind === 'merged' ? merged.commit : '';
	const result = await here.open('result', commit);
	expect(readFiles(result.directory)).toMatchObject({'a.txt': 'changed', 'b.txt': 'b'});
});

test('a bundle that was cut, or whose base is not here, is refused and changes nothing', async () => {
	const directory = temporaryRepository({'a.txt': 'a'});
	const there = workspaceOf(directory);
	const {base} = await there.prepare();
	const change = await changeIn(there, base);
	const bundle = await there.exportChange(change);

	const here = workspaceOf(directory);
	await here.prepare();
	await expect(here.importChange(bundle.subarray(0, -30))).rejects.toMatchObject({
		kind: 'internal',
	});
	await expect(here.importChange(Buffer.from('garbage'))).rejects.toMatchObject({
		kind: 'internal',
	});
	await expect(here.merge(change, base)).rejects.toMatchObject({kind: 'internal'});

	const elsewhere = workspaceOf(temporaryRepository({'other.txt': 'x'}));
	await elsewhere.prepare();
	await expect(elsewhere.importChange(bundle)).rejects.toMatchObject({kind: 'internal'});
});
