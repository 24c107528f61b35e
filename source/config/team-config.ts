import {mkdir, readdir, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {UsageError} from '../core/usage-error.ts';
import {
	modelTargetSchema,
	type AgentProfile,
	type ModelTarget,
	type Team,
} from '../core/settings.ts';
import type {NamedProviders} from '../core/provider-presets.ts';
import {atAddress} from '../core/service-address.ts';
import {requireProvider, resolveProvider} from './named-providers.ts';
import {providerConfigSchema, type ProviderConfig} from './provider-config.ts';
import {unifyLimits} from './unify-limits.ts';
import {readNamedProviders} from './user-config.ts';
import type {Home} from './home.ts';
import {fileError, readJsonFile, writeJsonFile} from './json-file.ts';

const teamNamePattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export const uiModes = ['tui', 'inline', 'bar', 'json', 'tmux', 'iterm2'] as const;

export const maxTeammates = 16;

export const agentNamePattern = /^[a-z][a-z0-9_-]{0,31}$/;

/** The patterns in words, for people. */
export const teamNameRule =
	'use lower-case letters, digits, "-" and "_", at most 64, beginning with a letter or digit';
export const agentNameRule =
	'use lower-case letters, digits, "-" and "_", at most 32, beginning with a letter';

const fallbacksSchema = z.array(providerConfigSchema).max(8);

const memberSchema = providerConfigSchema.extend({
	/** Default: `teammate-<n>`. */
	name: z.string().regex(agentNamePattern, `not a valid agent name: ${agentNameRule}`).optional(),
	/** Default: the team's. */
	fallbacks: fallbacksSchema.optional(),
});

export type MemberConfig = z.infer<typeof memberSchema>;

export const teamConfigSchema = z.object({
	name: z.string().regex(teamNamePattern, `not a valid team name: ${teamNameRule}`),
	/** Milliseconds since 1970. */
	createdAt: z.number(),
	leadProvider: providerConfigSchema,
	uiMode: z.enum(uiModes).default('inline'),
	/** The teammates one by one, or their number, all with the lead's provider and model. */
	teammates: z
		.union([
			z.number().int().min(1).max(maxTeammates),
			z
				.array(memberSchema)
				.min(1)
				.max(maxTeammates)
				.refine(members => hasDistinctNames(members), 'two agents have the same name'),
		])
		.default(3),
	/** Tried in this order when an agent's provider fails permanently. */
	fallbacks: fallbacksSchema.optional(),
	/** Default budget of a run, in US dollars. */
	budget: z.number().positive().optional(),
});

function hasDistinctNames(members: readonly {readonly name?: string | undefined}[]): boolean {
	const names = ['lead', 'person', ...members.map(({name}, index) => name ?? teammateName(index))];
	return new Set(names).size === names.length;
}

function teammateName(index: number): string {
	return `teammate-${index + 1}`;
}

export function teammateCount({teammates}: Pick<TeamConfig, 'teammates'>): number {
	return typeof teammates === 'number' ? teammates : teammates.length;
}

/**
 * The agents of a saved team, with the limits of those that share a server unified. Throws `UsageError`
 * if a provider is neither a type nor one of the named ones.
 */
export function agentsOf(config: TeamConfig, named: NamedProviders): Team {
	const {name, leadProvider, teammates} = config;
	const members: readonly MemberConfig[] =
		typeof teammates === 'number' ? Array.from({length: teammates}, () => leadProvider) : teammates;
	return unifyLimits({
		name,
		lead: profileOf('lead', leadProvider, config, named),
		teammates: members.map((member, index) =>
			profileOf(member.name ?? teammateName(index), member, config, named),
		),
	});
}

function profileOf(
	name: string,
	member: MemberConfig,
	team: TeamConfig,
	named: NamedProviders,
): AgentProfile {
	const fallbacks = member.fallbacks ?? team.fallbacks ?? [];
	return {
		name,
		...targetOf(member, named),
		...(fallbacks.length === 0
			? {}
			: {fallbacks: fallbacks.map(fallback => targetOf(fallback, named))}),
	};
}

/** A provider of a team as a target. Throws `UsageError` for an unknown name. */
export function targetOf(
	{type, model = '', ...own}: ProviderConfig,
	named: NamedProviders,
): ModelTarget {
	const given = resolveProvider(type, named);
	const service = given && atAddress(given, own.baseUrl);
	return modelTargetSchema.parse({
		...own,
		provider: type,
		model,
		...(service && {
			type: service.type,
			baseUrl: service.baseUrl,
			keyVariable: own.keyVariable ?? service.keyVariable,
			dialect: service.dialect,
			priceList: service.priceList,
			headers: merged(service.headers, own.headers),
			query: merged(service.query, own.query),
		}),
	});
}

function merged(
	ofService: Readonly<Record<string, string>> | undefined,
	own: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
	return ofService || own ? {...ofService, ...own} : undefined;
}

/** `teams/<team>/config.json`. */
export type TeamConfig = z.infer<typeof teamConfigSchema>;

/** A person's saved teams. All methods throw `UsageError` on malformed files and invalid names. */
export type Teams = {
	list(): Promise<readonly TeamConfig[]>;
	/** Includes teams with malformed files. */
	names(): Promise<readonly string[]>;
	read(name: string): Promise<TeamConfig>;
	/** Throws if the name is taken. */
	create(team: TeamConfig): Promise<void>;
	/** Keeps the team's runs. */
	delete(name: string): Promise<void>;
};

export function createTeams(home: Home): Teams {
	const folder = (name: string) => path.join(home.teamsDirectory, checkedName(name));
	const file = (name: string) => path.join(folder(name), 'config.json');
	const read = async (name: string) => {
		const team = await readJsonFile(file(name), teamConfigSchema);
		if (team) {
			requireProviders(team, file(name), await readNamedProviders(home));
		} else {
			const names = await listNames(home);
			throw new UsageError(
				`unknown team "${name}"`,
				names.length === 0
					? `create one: llm-orchestrator create ${name}`
					: `existing teams: ${names.join(', ')}`,
			);
		}

		return team;
	};

	return {
		async list() {
			const names = await listNames(home);
			// A folder without its file is left over from an interrupted deletion.
			const found = names.map(async name => readJsonFile(file(name), teamConfigSchema));
			return (await Promise.all(found)).filter(team => team !== undefined);
		},
		names: async () => listNames(home),
		read,
		async create(team) {
			const {name} = team;
			const draft = path.join(home.teamsDirectory, `.${checkedName(name)}.new`);
			try {
				await rm(draft, {recursive: true, force: true});
				await mkdir(draft, {recursive: true, mode: 0o700});
			} catch (error) {
				throw fileError('write', home.teamsDirectory, error);
			}

			await writeJsonFile(path.join(draft, 'config.json'), team);
			try {
				await rename(draft, folder(name));
			} catch (error) {
				await rm(draft, {recursive: true, force: true});
				throw new UsageError(
					`team "${name}" already exists`,
					`choose another name, or: llm-orchestrator delete ${name}`,
					error,
				);
			}
		},
		async delete(name) {
			await read(name).catch(async (error: unknown) => {
				// A team with a malformed file can still be deleted; a missing one cannot.
				if (!(await listNames(home)).includes(name)) {
					throw error;
				}
			});
			await rm(folder(name), {recursive: true}).catch((error: unknown) => {
				throw fileError('delete', folder(name), error);
			});
		},
	};
}

function requireProviders(team: TeamConfig, file: string, named: NamedProviders): void {
	const {leadProvider, teammates, fallbacks = []} = team;
	const members = typeof teammates === 'number' ? [] : teammates;
	requireProvider(leadProvider.type, named, file, 'leadProvider.type');
	for (const [index, {type, fallbacks: own = []}] of members.entries()) {
		requireProvider(type, named, file, `teammates[${index}].type`);
		for (const [place, fallback] of own.entries()) {
			requireProvider(fallback.type, named, file, `teammates[${index}].fallbacks[${place}].type`);
		}
	}

	for (const [index, {type}] of fallbacks.entries()) {
		requireProvider(type, named, file, `fallbacks[${index}].type`);
	}
}

function checkedName(name: string): string {
	if (!teamNamePattern.test(name)) {
		throw new UsageError(`"${name}" is not a valid team name`, teamNameRule);
	}

	return name;
}

async function listNames(home: Home): Promise<readonly string[]> {
	const entries = await readdir(home.teamsDirectory, {withFileTypes: true}).catch(
		(error: unknown) => {
			if (error instanceof Error && 'code' in error && isAbsent.has(error.code)) {
				return [];
			}

			throw fileError('read', home.teamsDirectory, error);
		},
	);
	return entries
		.filter(entry => entry.isDirectory() && teamNamePattern.test(entry.name))
		.map(({name}) => name)
		.sort();
}

const isAbsent: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);
