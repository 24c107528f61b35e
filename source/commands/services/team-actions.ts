import type {Home} from '../../config/home.ts';
import {
	createTeams,
	teamConfigSchema,
	teammateCount,
	teamNameRule,
	type MemberConfig,
	type TeamConfig,
} from '../../config/team-config.ts';
import type {Clock} from '../../core/clock.ts';
import type {Actions, ProviderChoice, TeamSummary} from '../../core/actions.ts';
import {resolveProvider} from '../../config/named-providers.ts';
import {readNamedProviders} from '../../config/user-config.ts';
import {UsageError} from '../../core/usage-error.ts';

/** Team actions for views and commands. */
export function createTeamActions(
	home: Home,
	clock: Clock,
): Pick<Actions, 'listTeams' | 'createTeam' | 'deleteTeam'> {
	const teams = createTeams(home);
	return {
		listTeams: async () => (await teams.list()).map(summaryOf),
		async createTeam(team) {
			const {name, provider, model, baseUrl, uiMode = 'tui'} = team;
			const {teammates, fallbacks, budget, address = {}} = team;
			resolveProvider(provider, await readNamedProviders(home));

			const parsed = teamConfigSchema.safeParse({
				name,
				createdAt: clock.now(),
				leadProvider: {...address, type: provider, model, baseUrl},
				teammates,
				fallbacks: fallbacks?.length === 0 ? undefined : fallbacks,
				budget,
				uiMode,
			});
			if (!parsed.success) {
				throw new UsageError(describe(parsed.error.issues[0], {name, baseUrl}));
			}

			await teams.create(parsed.data);
			return summaryOf(parsed.data);
		},
		deleteTeam: async name => teams.delete(name),
	};
}

function describe(
	issue: {readonly path: readonly PropertyKey[]; readonly message: string} | undefined,
	{name, baseUrl}: {readonly name: string; readonly baseUrl: string | undefined},
): string {
	switch (issue?.path.join('.')) {
		case 'name':
			return `"${name}" is not a valid team name: ${teamNameRule}`;
		case 'leadProvider.baseUrl':
			return `"${(baseUrl ?? '').replace(/\/\/[^/]*@/, '//…@')}" is not a valid base URL: it must begin with http:// or https:// and must not contain a password`;
		default:
			return `${placeOf(issue?.path ?? [])}: ${issue?.message ?? 'it is not valid'}`;
	}
}

/** As on the command line, for what has a flag of its own. */
function placeOf(path: readonly PropertyKey[]): string {
	const [part, field, ...rest] = path.map(String);
	const flag = part === 'leadProvider' && field !== undefined ? flags[field] : undefined;
	return flag === undefined ? path.join('.') || 'the team' : [flag, ...rest].join(' ');
}

const flags: Readonly<Record<string, string>> = {
	headers: '--header',
	query: '--query',
	keyVariable: '--key-variable',
	model: '--model',
};

function summaryOf(config: TeamConfig): TeamSummary {
	const {name, leadProvider, teammates, createdAt, fallbacks = [], budget} = config;
	return {
		name,
		provider: leadProvider.type,
		model: leadProvider.model,
		teammates: teammateCount(config),
		createdAt,
		mixed: typeof teammates === 'number' ? [] : teammates.map(choiceOf),
		fallbacks: fallbacks.map(choiceOf),
		budget,
	};
}

function choiceOf({type, model, baseUrl, name}: MemberConfig): ProviderChoice {
	return {type, model, baseUrl, name};
}
