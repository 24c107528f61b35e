import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {createTeams} from '../../source/config/team-config.ts';
import {readNamedProviders} from '../../source/config/user-config.ts';
import {temporaryHome} from './temporary-home.ts';

const lead = {type: 'ollama'};

const readTeam = async (fields: object) => {
	const home = await temporaryHome();
	const folder = path.join(home.teamsDirectory, 'crew');
	await mkdir(folder, {recursive: true});
	const team = {name: 'crew', createdAt: 1, leadProvider: lead, ...fields};
	await writeFile(path.join(folder, 'config.json'), JSON.stringify(team));
	return createTeams(home).read('crew');
};

const readConfig = async (config: object) => {
	const home = await temporaryHome();
	await mkdir(home.directory);
	await writeFile(home.configFile, JSON.stringify(config));
	return readNamedProviders(home);
};

test.each<readonly [object, string, string]>([
	[{team_mates: 2}, 'team_mates', 'teammates'],
	[{fallback: [lead]}, 'fallback', 'fallbacks'],
	[{lead}, 'lead', 'leadProvider'],
	[{members: []}, 'members', 'teammates'],
	[{ui_mode: 'tui'}, 'ui_mode', 'uiMode'],
	[{maxUsd: 2}, 'maxUsd', 'budget'],
	[{leadProvider: {...lead, base_url: 'http://a'}}, 'leadProvider.base_url', 'baseUrl'],
	[{leadProvider: {...lead, url: 'http://a'}}, 'leadProvider.url', 'baseUrl'],
	[{leadProvider: {...lead, apiKey: 'x'}}, 'leadProvider.apiKey', 'keyVariable'],
	[{leadProvider: {...lead, temprature: 1}}, 'leadProvider.temprature', 'temperature'],
	[{leadProvider: {...lead, maxTokens: 900}}, 'leadProvider.maxTokens', 'maxOutputTokens'],
	[{leadProvider: {...lead, num_ctx: 9000}}, 'leadProvider.num_ctx', 'contextTokens'],
	[{leadProvider: {...lead, extra_body: {}}}, 'leadProvider.extra_body', 'body'],
	[{teammates: [{...lead, header: {}}]}, 'teammates[0].header', 'headers'],
	[{teammates: [{...lead, nmae: 'a'}]}, 'teammates[0].nmae', 'name'],
	[
		{fallbacks: [{...lead, reasoning_effort: 'low'}]},
		'fallbacks[0].reasoning_effort',
		'reasoningEffort',
	],
	[
		{teammates: [{...lead, fallbacks: [{...lead, keepalive: 1}]}]},
		'teammates[0].fallbacks[0].keepalive',
		'keepAlive',
	],
])('in a team, %j is not ignored', async (fields, key, meant) => {
	await expect(readTeam(fields)).rejects.toThrow(`has no key "${key}"; did you mean "${meant}"?`);
});

const mine = {type: 'openai', baseUrl: 'https://llm.example/v1'};

test.each<readonly [object, string, string]>([
	[{provider: {mine}}, 'provider', 'providers'],
	[{model_providers: {mine}}, 'model_providers', 'providers'],
	[{providers: {mine: {...mine, dialekt: 'mistral'}}}, 'providers.mine.dialekt', 'dialect'],
	[{providers: {mine: {...mine, env_key: 'A'}}}, 'providers.mine.env_key', 'keyVariable'],
	[{providers: {mine: {...mine, query_params: {}}}}, 'providers.mine.query_params', 'query'],
	[{providers: {mine: {...mine, pricelist: 'groq'}}}, 'providers.mine.pricelist', 'priceList'],
	[{prices: {m: {input: 1, outptu: 1}}}, 'prices.m.outptu', 'output'],
	[{prices: {m: {input: 1, output: 1, cache_read: 1}}}, 'prices.m.cache_read', 'cacheRead'],
	[{default_provider: lead}, 'default_provider', 'defaultProvider'],
])('in the configuration, %j is not ignored', async (config, key, meant) => {
	await expect(readConfig(config)).rejects.toThrow(`has no key "${key}"; did you mean "${meant}"?`);
});

test.each<readonly [() => Promise<unknown>, string]>([
	[
		async () => readTeam({leadProvider: {...lead, reasoningEffort: 'hihg'}}),
		'at "leadProvider.reasoningEffort": must be "none", "minimal", "low", "medium", "high" or "xhigh"; did you mean "high"?',
	],
	[async () => readTeam({uiMode: 'tuii'}), '; did you mean "tui"?'],
	[
		async () => readTeam({teammates: [lead, {...lead, temperature: 9}]}),
		'at "teammates[1].temperature": ',
	],
	[
		async () => readConfig({providers: {mine: {...mine, dialect: 'mistrl'}}}),
		'at "providers.mine.dialect": must be "openai", "deepseek", "mistral" or "gemini"; did you mean "mistral"?',
	],
	[
		async () => readConfig({providers: {mine: {...mine, type: 'openia'}}}),
		'; did you mean "openai"?',
	],
	[
		async () => readConfig({providers: {mine: {...mine, priceList: 'xai'}}}),
		'; did you mean "x-ai"?',
	],
	[
		async () => readConfig({providers: {mine: {type: 'openai'}}}),
		'mine has no address; set baseUrl',
	],
	[async () => readConfig({providers: {mine: {baseUrl: mine.baseUrl}}}), 'mine has no type'],
	[
		async () => readConfig({providers: {Mine: mine}}),
		'at "providers.Mine": a name has lower-case letters, digits, "-" and "_"',
	],
	[
		async () => readConfig({providers: {mine: {...mine, type: 'ollama', dialect: 'gemini'}}}),
		'at "providers.mine.dialect": a dialect is for the type "openai" only',
	],
])('a value that cannot be is named with its place: %#', async (read, message) => {
	await expect(read()).rejects.toThrow(message);
});

test('fields of a request, variables in headers and names of models are the person’s own', async () => {
	const body = {max_tokens: 5, provider: {order: ['groq']}, url: 'x'};
	const team = await readTeam({leadProvider: {...lead, body, headers: {key: '$KEY'}}, later: 1});
	expect(team.leadProvider.body).toEqual(body);
	await readConfig({prices: {inptu: {input: 1, output: 1}}});
});
