import {mkdir, readdir, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {UsageError} from '../core/usage-error.ts';
import {providerTypes} from '../core/settings.ts';
import type {Home} from './home.ts';
import {readJsonFile, writeJsonFile} from './json-file.ts';

export const teamNamePattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export const uiModes = ['tui', 'inline', 'bar', 'json', 'tmux', 'iterm2'] as const;

export const maxTeammates = 16;

export const providerConfigSchema = z.object({
	type: z.enum(providerTypes),
	/** Absent: the provider's default, for local servers the model that is there. */
	model: z.string().min(1).max(200).optional(),
	/** Without a password: keys come from the environment only. */
	baseUrl: z
		.url({protocol: /^https?$/})
		.refine(url => !/^https?:\/\/[^/]*@/.test(url), 'keys come from the environment only')
		.optional(),
});

export const teamConfigSchema = z.object({
	name: z.string().regex(teamNamePattern),
	/** Milliseconds since 1970. */
	createdAt: z.number(),
	leadProvider: providerConfigSchema,
	uiMode: z.enum(uiModes).default('inline'),
	/** How many teammates work at once, with the lead's provider and model. */
	teammates: z.number().int().min(1).max(maxTeammates).default(3),
});

/** `teams/<team>/config.json`. */
export type TeamConfig = z.infer<typeof teamConfigSchema>;

/** The saved teams of a person. All methods throw `UsageError` for broken files and wrong names. */
export type Teams = {
	list(): Promise<readonly TeamConfig[]>;
	read(name: string): Promise<TeamConfig>;
	/** Throws when the name is taken. */
	create(team: TeamConfig): Promise<void>;
	/** Runs of the team stay. */
	delete(name: string): Promise<void>;
};

export function createTeams(home: Home): Teams {
	const folder = (name: string) => path.join(home.teamsDirectory, checkedName(name));
	const file = (name: string) => path.join(folder(name), 'config.json');
	const read = async (name: string) => {
		const team = await readJsonFile(file(name), teamConfigSchema);
		if (!team) {
			const names = await listNames(home);
			throw new UsageError(
				`there is no team "${name}"`,
				names.length === 0
					? `make one: llm-orchestrator create ${name}`
					: `there are: ${names.join(', ')}`,
			);
		}

		return team;
	};

	return {
		async list() {
			const names = await listNames(home);
			// A folder without its file is what a deletion left that did not come to its end.
			const found = names.map(async name => readJsonFile(file(name), teamConfigSchema));
			return (await Promise.all(found)).filter(team => team !== undefined);
		},
		read,
		async create(team) {
			const {name} = team;
			const draft = path.join(home.teamsDirectory, `.${checkedName(name)}.new`);
			await rm(draft, {recursive: true, force: true});
			await mkdir(draft, {recursive: true, mode: 0o700});
			await writeJsonFile(path.join(draft, 'config.json'), team);
			try {
				await rename(draft, folder(name));
			} catch (error) {
				await rm(draft, {recursive: true, force: true});
				throw new UsageError(
					`there is a team "${name}" already`,
					`choose another name, or: llm-orchestrator delete ${name}`,
					error,
				);
			}
		},
		async delete(name) {
			await read(name).catch(async (error: unknown) => {
				// A team whose file is broken can still be deleted; one that is not there cannot.
				if (!(await listNames(home)).includes(name)) {
					throw error;
				}
			});
			await rm(folder(name), {recursive: true});
		},
	};
}

function checkedName(name: string): string {
	if (!teamNamePattern.test(name)) {
		throw new UsageError(
			`"${name}" is no name for a team`,
			'use lower-case letters, digits, "-" and "_", at most 64, beginning with a letter or digit',
		);
	}

	return name;
}

async function listNames(home: Home): Promise<readonly string[]> {
	const entries = await readdir(home.teamsDirectory, {withFileTypes: true}).catch(() => []);
	return entries
		.filter(entry => entry.isDirectory() && teamNamePattern.test(entry.name))
		.map(({name}) => name)
		.sort();
}
