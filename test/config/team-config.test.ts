import {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {createTeams} from '../../source/config/team-config.ts';
import {put, team} from './calm-team.ts';
import {temporaryHome} from './temporary-home.ts';

describe('a team', () => {
	test('is read back as it was created', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		const given = {
			...team,
			leadProvider: {type: 'ollama' as const, baseUrl: 'http://localhost:11434'},
		};
		await teams.create(given);
		expect(await createTeams(home).read('calm')).toEqual(given);
	});

	test('is kept for its owner alone, as one file that people can read', async () => {
		const home = await temporaryHome();
		await createTeams(home).create(team);
		const folder = path.join(home.teamsDirectory, 'calm');
		expect((await stat(home.teamsDirectory)).mode & 0o777).toBe(0o700);
		expect((await stat(folder)).mode & 0o777).toBe(0o700);
		expect(await readdir(folder)).toEqual(['config.json']);
		const file = path.join(folder, 'config.json');
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(team);
		expect(await readdir(home.teamsDirectory)).toEqual(['calm']);
	});

	test('cannot be created twice, and the first one stays', async () => {
		const teams = createTeams(await temporaryHome());
		await teams.create(team);
		await expect(teams.create({...team, teammates: 9})).rejects.toMatchObject({
			name: 'UsageError',
			message: 'team "calm" already exists',
			hint: expect.stringContaining('llm-orchestrator delete calm'),
		});
		expect((await teams.read('calm')).teammates).toBe(3);
	});

	test('is gone when it was deleted, and its name is free again', async () => {
		const teams = createTeams(await temporaryHome());
		await teams.create(team);
		await teams.delete('calm');
		expect(await teams.list()).toEqual([]);
		await expect(teams.read('calm')).rejects.toMatchObject({name: 'UsageError'});
		await teams.create(team);
		expect(await teams.list()).toHaveLength(1);
	});

	test('can be deleted when its file is broken', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		await put(home.teamsDirectory, 'calm', '{');
		await teams.delete('calm');
		expect(await readdir(home.teamsDirectory)).toEqual([]);
	});

	test('that is not there is told from those that are', async () => {
		const teams = createTeams(await temporaryHome());
		await expect(teams.read('calm')).rejects.toMatchObject({
			message: 'unknown team "calm"',
			hint: 'create one: llm-orchestrator create calm',
		});
		await teams.create({...team, name: 'brave'});
		await teams.create(team);
		for (const attempt of [teams.read('clam'), teams.delete('clam')]) {
			await expect(attempt).rejects.toMatchObject({
				message: 'unknown team "clam"',
				hint: 'existing teams: brave, calm',
			});
		}
	});
});

describe('the list of teams', () => {
	test('is sorted by name, and holds nothing else that lies there', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		for (const name of ['zeal', 'a', '1st', 'calm']) {
			await teams.create({...team, name});
		}
		await mkdir(path.join(home.teamsDirectory, '.git'));
		await mkdir(path.join(home.teamsDirectory, '.new.new'));
		await mkdir(path.join(home.teamsDirectory, 'Old Team'));
		await writeFile(path.join(home.teamsDirectory, 'notes'), 'x');
		expect((await teams.list()).map(({name}) => name)).toEqual(['1st', 'a', 'calm', 'zeal']);
	});

	test('is empty when there is no home yet', async () => {
		expect(await createTeams(await temporaryHome()).list()).toEqual([]);
	});

	test('passes over a folder that was left without its file', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		await teams.create(team);
		await mkdir(path.join(home.teamsDirectory, 'leftover'));
		expect((await teams.list()).map(({name}) => name)).toEqual(['calm']);
	});
});

describe('a name of a team', () => {
	test.each([
		'../../x',
		'..',
		'.',
		'',
		'.git',
		'--json',
		'-x',
		'_x',
		'Calm',
		'a b',
		'a/b',
		'a\\b',
		'a\n',
		'käse',
		'a\0',
		'a'.repeat(65),
	])('cannot be %j', async name => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		for (const attempt of [teams.read(name), teams.create({...team, name}), teams.delete(name)]) {
			await expect(attempt).rejects.toMatchObject({
				name: 'UsageError',
				message: expect.stringContaining('is not a valid team name'),
				hint: expect.stringContaining('at most 64'),
			});
		}

		await expect(readdir(home.directory)).rejects.toMatchObject({code: 'ENOENT'});
	});

	test.each(['a', '0', 'my-team_2', 'constructor', 'a'.repeat(64)])('can be %j', async name => {
		const teams = createTeams(await temporaryHome());
		await teams.create({...team, name});
		expect((await teams.read(name)).name).toBe(name);
	});
});
