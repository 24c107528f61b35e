import {access} from 'node:fs/promises';
import path from 'node:path';
import type {Home} from '../../config/home.ts';
import {agentsOf, createTeams} from '../../config/team-config.ts';
import {readNamedProviders} from '../../config/user-config.ts';
import type {Team} from '../../core/settings.ts';

/** Reads the current saved version of a run's team; `undefined` when it was deleted. */
export function savedTeam(home: Home): (before: Team) => Promise<Team | undefined> {
	return async ({name}) => {
		const isThere = await access(path.join(home.teamsDirectory, name, 'config.json')).then(
			() => true,
			() => false,
		);
		return isThere
			? agentsOf(await createTeams(home).read(name), await readNamedProviders(home))
			: undefined;
	};
}
