import {systemClock} from '../compose/clock.ts';
import {createTeams} from '../config/team-config.ts';
import {UsageError} from '../core/usage-error.ts';
import {interruptible, askLine} from './process/ask-line.ts';
import type {Command} from './argv/command.ts';
import {describeTeam} from './services/describe-team.ts';
import {switchFlag} from './argv/flags.ts';
import {openHome} from './services/open-home.ts';
import {printJson} from './services/checked-output.ts';
import {createTeamActions} from './services/team-actions.ts';

export const listCommand: Command = {
	name: 'list',
	flags: {json: {type: 'boolean'}},
	words: {min: 0, max: 0},
	async run({flags}, io) {
		const teams = await createTeamActions(await openHome(io), systemClock).listTeams();
		if (switchFlag(flags, 'json')) {
			await printJson({version: 1, teams}, io);
			return 0;
		}

		if (teams.length === 0) {
			io.print('No teams yet. Create one: llm-orchestrator create my-team --provider ollama');
		}

		for (const team of teams) {
			io.print(describeTeam(team));
		}

		return 0;
	},
};

export const deleteCommand: Command = {
	name: 'delete',
	flags: {yes: {type: 'boolean', shortFlag: 'y'}},
	words: {min: 1, max: 1},
	run: interruptible(async ({words, flags}, io) => {
		const [name = ''] = words;
		const home = await openHome(io);
		const names = await createTeams(home).names();
		if (!switchFlag(flags, 'yes') && names.includes(name)) {
			if (!io.interactive) {
				throw new UsageError(
					`deleting ${name} needs confirmation`,
					`llm-orchestrator delete ${name} --yes`,
				);
			}

			const answer = await askLine(io, `Delete team ${name}? Its runs are kept. [y/N] `);
			if (!/^y(es)?$/i.test(answer?.trim() ?? '')) {
				io.print('Nothing deleted.');
				return 0;
			}
		}

		await createTeamActions(home, systemClock).deleteTeam(name);
		io.print(`Deleted team ${name}.`);
		return 0;
	}),
};
