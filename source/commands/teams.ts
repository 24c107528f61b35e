import {createInterface} from 'node:readline/promises';
import {systemClock} from '../compose/clock.ts';
import {locateHome, prepareHome} from '../config/home.ts';
import {createTeams, maxTeammates, uiModes} from '../config/team-config.ts';
import {readUserConfig} from '../config/user-config.ts';
import type {TeamSummary} from '../core/actions.ts';
import {UsageError} from '../core/usage-error.ts';
import {providerDefaults, retiredModelHint} from '../providers/defaults.ts';
import {counted} from '../present/words.ts';
import {createTeamActions} from './team-actions.ts';
import type {Command} from './command.ts';
import {choiceFlag, countFlag, switchFlag, textFlag} from './flags.ts';
import type {Io} from './io.ts';

export const createCommand: Command = {
	name: 'create',
	flags: {
		provider: {type: 'string', shortFlag: 'p'},
		model: {type: 'string', shortFlag: 'm'},
		baseUrl: {type: 'string', shortFlag: 'u'},
		teammates: {type: 'string', shortFlag: 'n'},
		lead: {type: 'string'},
		teammate: {type: 'string', isMultiple: true},
		fallback: {type: 'string', isMultiple: true},
		budget: {type: 'string'},
		uiMode: {type: 'string'},
	},
	words: {min: 1, max: 1},
	async run({words, flags}, io) {
		const home = await openHome(io);
		const byDefault = (await readUserConfig(home)).defaultProvider;
		const provider = textFlag(flags, 'provider') ?? byDefault?.type;
		if (provider === undefined) {
			throw new UsageError(
				'which provider?',
				'name one by --provider (anthropic, openai, ollama, lmstudio, llama-server); llm-orchestrator doctor says what is there',
			);
		}

		const same = byDefault?.type === provider ? byDefault : undefined;
		const model = textFlag(flags, 'model') ?? same?.model;
		const team = await createTeamActions(home, systemClock).createTeam({
			name: words[0] ?? '',
			provider,
			model,
			baseUrl: textFlag(flags, 'baseUrl') ?? same?.baseUrl,
			teammates: countFlag(flags, 'teammates', maxTeammates),
			uiMode: choiceFlag(flags, 'uiMode', uiModes),
		});
		const retired = model === undefined ? undefined : retiredModelHint(model);
		if (retired !== undefined) {
			io.complain(`warning: ${retired}`);
		}

		io.print(`Created ${describeTeam(team)}`);
		io.print(`Next: llm-orchestrator run ${team.name} "what is to be done"`);
		return 0;
	},
};

export const listCommand: Command = {
	name: 'list',
	flags: {json: {type: 'boolean'}},
	words: {min: 0, max: 0},
	async run({flags}, io) {
		const teams = await createTeamActions(await openHome(io), systemClock).listTeams();
		if (switchFlag(flags, 'json')) {
			io.print(JSON.stringify({teams}));
			return 0;
		}

		if (teams.length === 0) {
			io.print('No teams yet. Make one: llm-orchestrator create my-team --provider ollama');
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
	async run({words, flags}, io) {
		const [name = ''] = words;
		const home = await openHome(io);
		const names = (
			await createTeams(home)
				.list()
				.catch(() => [])
		).map(team => team.name);
		if (!switchFlag(flags, 'yes') && names.includes(name)) {
			if (!io.interactive) {
				throw new UsageError(
					`deleting ${name} needs your word`,
					`llm-orchestrator delete ${name} --yes`,
				);
			}

			const lines = createInterface({input: process.stdin, output: process.stdout});
			const answer = await lines.question(`Delete the team ${name}? Its runs stay. [y/N] `);
			lines.close();
			if (!/^y(es)?$/i.test(answer.trim())) {
				io.print('Nothing was deleted.');
				return 0;
			}
		}

		await createTeamActions(home, systemClock).deleteTeam(name);
		io.print(`Deleted the team ${name}.`);
		return 0;
	},
};

async function openHome(io: Io) {
	const home = locateHome(io.environment, io.userHome);
	await prepareHome(home);
	return home;
}

function describeTeam({name, provider, model, teammates}: TeamSummary): string {
	const type = Object.keys(providerDefaults).find(known => known === provider);
	const byDefault =
		type === undefined ? undefined : providerDefaults[type as keyof typeof providerDefaults].model;
	const unnamed = provider === 'demo' ? 'a script' : 'the model that the server has';
	const what = model ?? byDefault ?? unnamed;
	return `${name}: lead and ${counted(teammates, 'teammate')}, ${provider}, ${what}`;
}
