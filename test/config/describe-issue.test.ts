import {mkdir, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {teamConfigSchema} from '../../source/config/team-config.ts';
import {describeIssue} from '../../source/config/describe-issue.ts';
import {readUserConfig} from '../../source/config/user-config.ts';
import {temporaryHome} from './temporary-home.ts';

async function failureOf(config: unknown): Promise<string> {
	const home = await temporaryHome();
	await mkdir(home.directory);
	await writeFile(home.configFile, JSON.stringify(config));
	const error: unknown = await readUserConfig(home).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	const start = `${home.configFile} is not valid`;
	const message = error instanceof Error ? error.message : '';
	expect(message.startsWith(start), message).toBe(true);
	return message.slice(start.length);
}

const house = {type: 'openai', baseUrl: 'http://a'};

test.each<readonly [unknown, string]>([
	[[], ': must be an object, not a list'],
	[null, ': must be an object, not null'],
	[{providers: []}, ' at "providers": must be an object, not a list'],
	[{providers: {house: 'http://a'}}, ' at "providers.house": must be an object, not a string'],
	[
		{providers: {house: {...house, baseUrl: 5}}},
		' at "providers.house.baseUrl": must be a string, not a number',
	],
	[
		{providers: {house: {...house, baseUrl: 'ftp://a'}}},
		' at "providers.house.baseUrl": must be an address like https://host/v1',
	],
	[
		{providers: {house: {...house, baseUrl: 'localhost:80'}}},
		' at "providers.house.baseUrl": must be an address like https://host/v1',
	],
	[{providers: {house: {...house, colour: 1}}}, ' at "providers.house": unknown key "colour"'],
	[{prices: {m: {input: '3', output: 1}}}, ' at "prices.m.input": must be a number, not a string'],
	[{prices: {m: {input: 3}}}, ' at "prices.m.output": is missing; it must be a number'],
	[{prices: {m: {input: -3, output: 1}}}, ' at "prices.m.input": must be at least 0'],
	[{prices: {m: {input: 3e9, output: 1}}}, ' at "prices.m.input": must be at most 1000000'],
	[
		{defaultProvider: {type: 'openai', model: ''}},
		' at "defaultProvider.model": must not be empty',
	],
	[
		{defaultProvider: {type: 'openai', model: 'm'.repeat(201)}},
		' at "defaultProvider.model": must be at most 200 characters long',
	],
	[
		{defaultProvider: {type: 'openai', contextTokens: 5000.5}},
		' at "defaultProvider.contextTokens": must be a whole number',
	],
])('a wrong setting says in plain words what it must be: %j', async (config, message) => {
	expect(await failureOf(config)).toBe(message);
});

test.each<readonly [unknown, string]>([
	['three', ' at "teammates": must be a number or a list, not a string'],
	[0, ' at "teammates": must be at least 1'],
	[[], ' at "teammates": must not be empty'],
])('so does one that can be of several types: %j', (teammates, message) => {
	const team = {name: 'crew', createdAt: 1, leadProvider: {type: 'ollama'}, teammates};
	const {error} = teamConfigSchema.safeParse(team);
	expect(error && describeIssue(error, team)).toBe(message);
});
