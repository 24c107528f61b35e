import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {TeamConfig} from '../../source/config/team-config.ts';

/** A team as it is read from its file. */
export const team: TeamConfig = {
	name: 'calm',
	createdAt: 1_795_000_000_000,
	leadProvider: {type: 'anthropic', model: 'claude-sonnet'},
	uiMode: 'inline',
	teammates: 3,
};

/** Makes the file of a team with this text, right or wrong. */
export async function put(teamsDirectory: string, name: string, text: string): Promise<void> {
	await mkdir(path.join(teamsDirectory, name), {recursive: true});
	await writeFile(path.join(teamsDirectory, name, 'config.json'), text);
}
