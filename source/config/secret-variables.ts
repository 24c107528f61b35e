import {variablesIn} from '../core/variable-references.ts';
import type {Home} from './home.ts';
import {isSecretName, type ProviderConfig} from './provider-config.ts';
import {createTeams, type TeamConfig} from './team-config.ts';
import {readUserConfig} from './user-config.ts';

/**
 * The environment variables that hold keys according to the person's configuration and teams, whatever their
 * names are. Malformed files are skipped: whoever needs them reports them.
 */
export async function readSecretVariables(home: Home): Promise<ReadonlySet<string>> {
	const teams = createTeams(home);
	const [config, saved] = await Promise.all([
		readUserConfig(home).catch(() => undefined),
		teams
			.names()
			.catch(() => [])
			.then(async names =>
				Promise.all(names.map(async name => teams.read(name).catch(() => undefined))),
			),
	]);
	const providers = [
		...Object.values(config?.providers ?? {}),
		...(config?.defaultProvider ? [config.defaultProvider] : []),
		...saved.flatMap(team => (team ? providersOf(team) : [])),
	];
	return new Set(providers.flatMap(variablesOf));
}

function providersOf({leadProvider, teammates, fallbacks = []}: TeamConfig) {
	const members = typeof teammates === 'number' ? [] : teammates;
	return [
		leadProvider,
		...members,
		...fallbacks,
		...members.flatMap(member => member.fallbacks ?? []),
	];
}

function variablesOf({
	keyVariable,
	headers = {},
	query = {},
}: Pick<ProviderConfig, 'keyVariable' | 'headers' | 'query'>): readonly string[] {
	const used = [...Object.entries(headers), ...Object.entries(query)]
		.filter(([name]) => isSecretName(name))
		.flatMap(([, value]) => variablesIn(value));
	return keyVariable === undefined ? used : [keyVariable, ...used];
}
