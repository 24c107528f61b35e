import {access} from 'node:fs/promises';
import path from 'node:path';
import type {Home} from '../../config/home.ts';
import {agentsOf, createTeams} from '../../config/team-config.ts';
import type {Team} from '../../core/settings.ts';

/** Gives the team of a run as its file says now; `undefined` where there is none any more. */
export function savedTeam(home: Home): (before: Team) => Promise<Team | undefined> {
	return async ({name}) => {
		const isThere = await access(path.join(home.teamsDirectory, name, 'config.json')).then(
			() => true,
			() => false,
		);
		return isThere ? agentsOf(await createTeams(home).read(name)) : undefined;
	};
}
