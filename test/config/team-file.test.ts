import {mkdir, symlink} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {createTeams} from '../../source/config/team-config.ts';
import {put, team} from './calm-team.ts';
import {temporaryHome} from './temporary-home.ts';

describe('the file of a team', () => {
	test('needs no more than name, time, lead and view', async () => {
		const home = await temporaryHome();
		const seed = {
			name: 'calm',
			createdAt: 1_700_000_000_000,
			leadProvider: {type: 'openai', model: 'gpt-4'},
			uiMode: 'tmux',
		};
		await put(home.teamsDirectory, 'calm', JSON.stringify(seed));
		expect(await createTeams(home).read('calm')).toEqual({...seed, teammates: 3});
	});

	test('may say more than we know, and cannot change what objects are', async () => {
		const home = await temporaryHome();
		const text = JSON.stringify({...team, someday: true}).replace(
			'{',
			'{"__proto__": {"polluted": true, "teammates": 99}, "constructor": {"prototype": {"polluted": true}}, ',
		);
		await put(home.teamsDirectory, 'calm', text);
		const read = await createTeams(home).read('calm');
		expect(read).toEqual(team);
		expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
	});

	const lead = {type: 'ollama'};
	test.each([
		[{leadProvidr: lead}, 'leadProvidr', 'leadProvider'],
		[{fallback: [lead]}, 'fallback', 'fallbacks'],
		[{leadProvider: {...lead, header: {}}}, 'leadProvider.header', 'headers'],
		[{leadProvider: {...lead, baseurl: 'http://a'}}, 'leadProvider.baseurl', 'baseUrl'],
		[{teammates: [lead, {...lead, contextToken: 1}]}, 'teammates[1].contextToken', 'contextTokens'],
		[{teammates: [{...lead, nmae: 'a'}]}, 'teammates[0].nmae', 'name'],
		[
			{teammates: [{...lead, fallbacks: [{...lead, modle: 'm'}]}]},
			'teammates[0].fallbacks[0].modle',
			'model',
		],
		[{fallbacks: [{...lead, parallelCall: 1}]}, 'fallbacks[0].parallelCall', 'parallelCalls'],
	])(
		'with a misspelled key is refused, and says which was meant: %#',
		async (wrong, key, meant) => {
			const home = await temporaryHome();
			await put(home.teamsDirectory, 'calm', JSON.stringify({...team, ...wrong}));
			const file = path.join(home.teamsDirectory, 'calm', 'config.json');
			await expect(createTeams(home).read('calm')).rejects.toMatchObject({
				name: 'UsageError',
				message: `${file} has no key "${key}"; did you mean "${meant}"?`,
				hint: 'fix it or remove it',
			});
			expect(await createTeams(home).names()).toEqual(['calm']);
		},
	);

	test('may have a short key of its own that is a word of ours but for two letters', async () => {
		const home = await temporaryHome();
		const content = {...team, leadProvider: {...team.leadProvider, tag: 'a', tip: 'b'}};
		await put(home.teamsDirectory, 'calm', JSON.stringify(content));
		expect(await createTeams(home).read('calm')).toEqual(team);
	});

	test('may have headers of any name, however near to another word', async () => {
		const home = await temporaryHome();
		const headers = {names: 'a', typ: 'b', models: 'c'};
		const content = {...team, leadProvider: {...team.leadProvider, headers}};
		await put(home.teamsDirectory, 'calm', JSON.stringify(content));
		expect((await createTeams(home).read('calm')).leadProvider.headers).toEqual(headers);
	});

	test('with a name that no agent can have says what names are made of', async () => {
		const home = await temporaryHome();
		const content = {...team, teammates: [{type: 'demo', name: 'Bob B'}]};
		await put(home.teamsDirectory, 'calm', JSON.stringify(content));
		await expect(createTeams(home).read('calm')).rejects.toMatchObject({
			message: expect.stringMatching(
				/at "teammates\[0\]\.name": not a valid agent name: use lower-case letters, digits/,
			),
		});
	});

	test.each([
		[{...team, leadProvider: {type: 'no such name'}}, 'leadProvider.type'],
		[{...team, leadProvider: {type: 'ollama', baseUrl: 'file:///etc'}}, 'leadProvider.baseUrl'],
		[{...team, createdAt: 'today'}, 'createdAt'],
		[{...team, teammates: 0}, 'teammates'],
		[{...team, teammates: 1_000}, 'teammates'],
		[{...team, uiMode: 'hologram'}, 'uiMode'],
		[{...team, name: '../x'}, 'name'],
	])('that is wrong is named with its path and the place: %#', async (content, place) => {
		const home = await temporaryHome();
		await put(home.teamsDirectory, 'calm', JSON.stringify(content));
		await expect(createTeams(home).read('calm')).rejects.toMatchObject({
			name: 'UsageError',
			message: expect.stringContaining(
				`${path.join(home.teamsDirectory, 'calm', 'config.json')} is not valid at "${place}": `,
			),
		});
	});
});

test('a folder of teams that cannot be used is told with the reason and the way out, and is not taken for an empty one', async () => {
	const home = await temporaryHome();
	await mkdir(home.directory);
	await symlink('teams', home.teamsDirectory);
	const teams = createTeams(home);
	const failure = (what: string) => ({
		name: 'UsageError',
		message: expect.stringContaining(`cannot ${what} ${home.teamsDirectory}: ELOOP`),
		hint: 'check who owns it, and its permissions',
	});
	await expect(teams.list()).rejects.toMatchObject(failure('read'));
	await expect(teams.names()).rejects.toMatchObject(failure('read'));
	await expect(teams.create(team)).rejects.toMatchObject(failure('write'));
});
