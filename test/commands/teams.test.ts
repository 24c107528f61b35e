import {mkdir, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {createCommand} from '../../source/commands/create.ts';
import {deleteCommand, listCommand} from '../../source/commands/teams.ts';
import {fakeIo, type FakeIo} from './fake-io.ts';

async function create(io: FakeIo, name: string, flags: Readonly<Record<string, unknown>> = {}) {
	await createCommand.run({words: [name], flags: {provider: 'demo', ...flags}}, io);
}

test('list tells what a run of a team may cost, in words and as JSON', async () => {
	const io = await fakeIo();
	await create(io, 'thrifty', {budget: '2.5'});
	await create(io, 'wild');
	expect(io.out).toContain(
		'Created thrifty: lead and 3 teammates, demo scripted; at most $2.50 per run',
	);
	io.out.length = 0;
	await listCommand.run({words: [], flags: {}}, io);
	expect(io.out).toEqual([
		'thrifty: lead and 3 teammates, demo scripted; at most $2.50 per run',
		'wild: lead and 3 teammates, demo scripted',
	]);
	io.out.length = 0;
	await listCommand.run({words: [], flags: {json: true}}, io);
	const {teams} = JSON.parse(io.out.join('')) as {teams: readonly object[]};
	expect(teams[0]).toMatchObject({name: 'thrifty', budget: 2.5});
	expect(teams[1]).not.toHaveProperty('budget');
});

test('a team whose file is broken, or another one is, is not deleted without a word', async () => {
	const io = await fakeIo();
	await create(io, 'good');
	const teams = path.join(io.userHome, 'teams');
	await mkdir(path.join(teams, 'broken'));
	await writeFile(path.join(teams, 'broken', 'config.json'), '{');
	for (const name of ['good', 'broken']) {
		await expect(deleteCommand.run({words: [name], flags: {}}, io)).rejects.toThrow(
			`deleting ${name} needs confirmation`,
		);
	}

	expect((await readdir(teams)).sort()).toEqual(['broken', 'good']);
	await deleteCommand.run({words: ['broken'], flags: {yes: true}}, io);
	expect(await readdir(teams)).toEqual(['good']);
});
