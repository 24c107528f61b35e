import {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {
	agentsOf,
	createTeams,
	teamConfigSchema,
	type TeamConfig,
} from '../../source/config/team-config.ts';
import {temporaryHome} from './temporary-home.ts';

const team: TeamConfig = {
	name: 'calm',
	createdAt: 1_795_000_000_000,
	leadProvider: {type: 'anthropic', model: 'claude-sonnet'},
	uiMode: 'inline',
	teammates: 3,
};

describe('a team', () => {
	it('is read back as it was created', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		const given = {
			...team,
			leadProvider: {type: 'ollama' as const, baseUrl: 'http://localhost:11434'},
		};
		await teams.create(given);
		expect(await createTeams(home).read('calm')).toEqual(given);
	});

	it('is kept for its owner alone, as one file that people can read', async () => {
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

	it('cannot be created twice, and the first one stays', async () => {
		const teams = createTeams(await temporaryHome());
		await teams.create(team);
		await expect(teams.create({...team, teammates: 9})).rejects.toMatchObject({
			name: 'UsageError',
			message: 'there is a team "calm" already',
			hint: expect.stringContaining('llm-orchestrator delete calm'),
		});
		expect((await teams.read('calm')).teammates).toBe(3);
	});

	it('is gone when it was deleted, and its name is free again', async () => {
		const teams = createTeams(await temporaryHome());
		await teams.create(team);
		await teams.delete('calm');
		expect(await teams.list()).toEqual([]);
		await expect(teams.read('calm')).rejects.toMatchObject({name: 'UsageError'});
		await teams.create(team);
		expect(await teams.list()).toHaveLength(1);
	});

	it('can be deleted when its file is broken', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		await put(home.teamsDirectory, 'calm', '{');
		await teams.delete('calm');
		expect(await readdir(home.teamsDirectory)).toEqual([]);
	});

	it('that is not there is told from those that are', async () => {
		const teams = createTeams(await temporaryHome());
		await expect(teams.read('calm')).rejects.toMatchObject({
			message: 'there is no team "calm"',
			hint: 'make one: llm-orchestrator create calm',
		});
		await teams.create({...team, name: 'brave'});
		await teams.create(team);
		for (const attempt of [teams.read('clam'), teams.delete('clam')]) {
			await expect(attempt).rejects.toMatchObject({
				message: 'there is no team "clam"',
				hint: 'there are: brave, calm',
			});
		}
	});
});

describe('the list of teams', () => {
	it('is sorted by name, and holds nothing else that lies there', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		for (const name of ['zeal', 'a', '1st', 'calm']) await teams.create({...team, name});
		await mkdir(path.join(home.teamsDirectory, '.git'));
		await mkdir(path.join(home.teamsDirectory, '.new.new'));
		await mkdir(path.join(home.teamsDirectory, 'Old Team'));
		await writeFile(path.join(home.teamsDirectory, 'notes'), 'x');
		expect((await teams.list()).map(({name}) => name)).toEqual(['1st', 'a', 'calm', 'zeal']);
	});

	it('is empty when there is no home yet', async () => {
		expect(await createTeams(await temporaryHome()).list()).toEqual([]);
	});

	it('passes over a folder that was left without its file', async () => {
		const home = await temporaryHome();
		const teams = createTeams(home);
		await teams.create(team);
		await mkdir(path.join(home.teamsDirectory, 'leftover'));
		expect((await teams.list()).map(({name}) => name)).toEqual(['calm']);
	});
});

describe('a name of a team', () => {
	it.each([
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
				message: expect.stringContaining('is no name for a team'),
				hint: expect.stringContaining('at most 64'),
			});
		}

		await expect(readdir(home.directory)).rejects.toMatchObject({code: 'ENOENT'});
	});

	it.each(['a', '0', 'my-team_2', 'constructor', 'a'.repeat(64)])('can be %j', async name => {
		const teams = createTeams(await temporaryHome());
		await teams.create({...team, name});
		expect((await teams.read(name)).name).toBe(name);
	});
});

describe('the file of a team', () => {
	it('needs no more than name, time, lead and view', async () => {
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

	it('may say more than we know, and cannot change what objects are', async () => {
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
	it.each([
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
				hint: 'correct it, or leave it out',
			});
			expect(await createTeams(home).names()).toEqual(['calm']);
		},
	);

	it('may have a short key of its own that is a word of ours but for two letters', async () => {
		const home = await temporaryHome();
		const content = {...team, leadProvider: {...team.leadProvider, tag: 'a', tip: 'b'}};
		await put(home.teamsDirectory, 'calm', JSON.stringify(content));
		expect(await createTeams(home).read('calm')).toEqual(team);
	});

	it('may have headers of any name, however near to another word', async () => {
		const home = await temporaryHome();
		const headers = {names: 'a', typ: 'b', models: 'c'};
		const content = {...team, leadProvider: {...team.leadProvider, headers}};
		await put(home.teamsDirectory, 'calm', JSON.stringify(content));
		expect((await createTeams(home).read('calm')).leadProvider.headers).toEqual(headers);
	});

	it('with a name that no agent can have says what names are made of', async () => {
		const home = await temporaryHome();
		const content = {...team, teammates: [{type: 'demo', name: 'Bob B'}]};
		await put(home.teamsDirectory, 'calm', JSON.stringify(content));
		await expect(createTeams(home).read('calm')).rejects.toMatchObject({
			message: expect.stringMatching(
				/at "teammates\[0\]\.name": no name for an agent: use lower-case letters, digits/,
			),
		});
	});

	it.each([
		[{...team, leadProvider: {type: 'skynet'}}, 'leadProvider.type'],
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
				`${path.join(home.teamsDirectory, 'calm', 'config.json')} is not as it should be at "${place}": `,
			),
		});
	});
});

async function put(teamsDirectory: string, name: string, text: string): Promise<void> {
	await mkdir(path.join(teamsDirectory, name), {recursive: true});
	await writeFile(path.join(teamsDirectory, name, 'config.json'), text);
}

describe('the agents of a team', () => {
	const base = {name: 'crew', createdAt: 1, uiMode: 'inline'} as const;
	const agents = (fields: Record<string, unknown>) =>
		agentsOf(teamConfigSchema.parse({...base, leadProvider: {type: 'anthropic'}, ...fields}));

	it('are all like the lead, where only their number is given', () => {
		const team = agents({leadProvider: {type: 'ollama', model: 'qwen3'}, teammates: 2});
		expect(team.lead).toEqual({name: 'lead', provider: 'ollama', model: 'qwen3'});
		expect(team.teammates).toEqual([
			{name: 'teammate-1', provider: 'ollama', model: 'qwen3'},
			{name: 'teammate-2', provider: 'ollama', model: 'qwen3'},
		]);
	});

	it('may each have a model, an address and headers of their own', () => {
		const fast = {
			name: 'fast',
			type: 'openai',
			model: 'm',
			baseUrl: 'http://host:8000/v1',
			headers: {'X-Team': '$TEAM_KEY'},
			contextTokens: 8_192,
			parallelCalls: 2,
		};
		const {type, ...rest} = fast;
		expect(agents({teammates: [{type: 'ollama'}, fast]}).teammates).toEqual([
			{name: 'teammate-1', provider: 'ollama', model: ''},
			{provider: type, ...rest},
		]);
	});

	it('turn to what the team falls back to, or to what they have of their own', () => {
		const team = agents({
			fallbacks: [{type: 'openai'}],
			teammates: [{type: 'ollama'}, {type: 'ollama', fallbacks: [{type: 'demo'}]}],
		});
		const openai = [{provider: 'openai', model: ''}];
		expect(team.lead.fallbacks).toEqual(openai);
		expect(team.teammates.map(({fallbacks}) => fallbacks)).toEqual([
			openai,
			[{provider: 'demo', model: ''}],
		]);
	});

	it('ask for the largest context of a model at its address, fallbacks included', () => {
		const qwen = {type: 'ollama', model: 'qwen3', baseUrl: 'http://host:11434'};
		const team = agents({
			leadProvider: {...qwen, contextTokens: 8_192},
			teammates: [
				{...qwen, baseUrl: 'http://host:11434/'},
				{...qwen, model: 'phi4', contextTokens: 4_096},
				{...qwen, baseUrl: 'http://other:11434'},
				{type: 'lmstudio', model: 'qwen3', baseUrl: 'http://host:11434'},
				{type: 'openai', fallbacks: [{...qwen, contextTokens: 16_384}, {type: 'ollama'}]},
			],
		});
		expect(team.lead.contextTokens).toBe(16_384);
		expect(team.teammates.map(({contextTokens}) => contextTokens)).toEqual([
			16_384,
			4_096,
			undefined,
			undefined,
			undefined,
		]);
		expect(team.teammates[4]?.fallbacks?.map(({contextTokens}) => contextTokens)).toEqual([
			16_384,
			undefined,
		]);
	});

	it('call a server with as few calls at once as one of them names, whatever the model', () => {
		const server = {type: 'openai', model: 'm', baseUrl: 'http://host:8000/v1'};
		const team = agents({
			leadProvider: server,
			teammates: [
				{...server, model: 'n', parallelCalls: 4},
				{...server, baseUrl: 'http://host:8000', parallelCalls: 2},
				{type: 'openai', model: 'm'},
			],
			fallbacks: [server, {type: 'anthropic'}],
		});
		expect(team.lead.parallelCalls).toBe(2);
		expect(team.teammates.map(({parallelCalls}) => parallelCalls)).toEqual([2, 2, undefined]);
		expect(team.lead.fallbacks?.map(({parallelCalls}) => parallelCalls)).toEqual([2, undefined]);
	});

	it.each([
		[
			'two of one name',
			{
				teammates: [
					{type: 'demo', name: 'bob'},
					{type: 'demo', name: 'bob'},
				],
			},
		],
		['a second lead', {teammates: [{type: 'demo', name: 'lead'}]}],
		[
			'a name that is another’s by count',
			{teammates: [{type: 'demo'}, {type: 'demo', name: 'teammate-1'}]},
		],
		['a name that is none', {teammates: [{type: 'demo', name: 'Bob!'}]}],
		['nobody', {teammates: []}],
		['a crowd', {teammates: Array.from({length: 17}, () => ({type: 'demo'}))}],
		['a header whose name HTTP refuses', {leadProvider: {type: 'openai', headers: {'X Y': 'a'}}}],
		['a header without a name', {leadProvider: {type: 'openai', headers: {'': 'a'}}}],
		['a header of two lines', {leadProvider: {type: 'openai', headers: {'X-Y': 'a\nb'}}}],
		['a header beyond Latin-1', {leadProvider: {type: 'openai', headers: {'X-Y': '使'}}}],
		['a key that is written out', {leadProvider: {type: 'openai', headers: {'X-Api-Key': 'abc'}}}],
		[
			'a model with what a terminal acts on',
			{leadProvider: {type: 'ollama', model: 'a\u001B]0;x\u0007'}},
		],
		['a password in an address', {leadProvider: {type: 'openai', baseUrl: 'HTTP://u:p@host'}}],
		['a key behind an address', {leadProvider: {type: 'openai', baseUrl: 'http://host/?key=a'}}],
		['a budget of nothing', {budget: 0}],
		['a context of nothing', {leadProvider: {type: 'ollama', contextTokens: 10}}],
	])('cannot be %s', (_, fields) => {
		expect(() => agents(fields)).toThrow();
	});
});
