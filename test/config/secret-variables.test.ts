import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {readSecretVariables} from '../../source/config/secret-variables.ts';
import {temporaryHome} from './temporary-home.ts';

test('knows the variables of keys by their use, whatever their names are', async () => {
	const home = await temporaryHome();
	const crew = path.join(home.teamsDirectory, 'crew');
	const broken = path.join(home.teamsDirectory, 'broken');
	await mkdir(crew, {recursive: true});
	await mkdir(broken, {recursive: true});
	const baseUrl = 'https://gateway.example';
	const mine = {type: 'openai', baseUrl, keyVariable: 'GATE'};
	await writeFile(home.configFile, JSON.stringify({providers: {mine}}));
	await writeFile(path.join(broken, 'config.json'), '{');
	await writeFile(
		path.join(crew, 'config.json'),
		JSON.stringify({
			name: 'crew',
			createdAt: 1,
			leadProvider: {type: 'openai', baseUrl, headers: {'X-Api-Key': '$HEAD', 'X-Team': '$TEAM'}},
			teammates: [
				{type: 'mine', keyVariable: 'OWN', fallbacks: [{type: 'mine', keyVariable: 'F'}]},
			],
			fallbacks: [{type: 'mine', query: {access_token: 'a-${QUERY}', region: '$REGION'}}],
		}),
	);
	expect([...(await readSecretVariables(home))].sort()).toEqual([
		'F',
		'GATE',
		'HEAD',
		'OWN',
		'QUERY',
	]);
});

test('there are none without a configuration', async () => {
	expect(await readSecretVariables(await temporaryHome())).toEqual(new Set());
});
