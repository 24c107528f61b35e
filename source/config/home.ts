import {access, constants, mkdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../core/usage-error.ts';
import {fileError} from './json-file.ts';

/** Where everything of a person is stored: configuration, teams, runs. */
export type Home = {
	readonly directory: string;
	readonly configFile: string;
	readonly teamsDirectory: string;
	readonly runsDirectory: string;
};

/**
 * `~/.llm-orchestrator`, or the value of `LLM_ORCHESTRATOR_HOME`. Nothing is created yet. Throws
 * `UsageError` if neither is known.
 *
 * @param userHome the person's home directory
 */
export function locateHome(
	environment: Readonly<Record<string, string | undefined>>,
	userHome: string,
): Home {
	const given = environment['LLM_ORCHESTRATOR_HOME']?.trim();
	if (!given && !path.isAbsolute(userHome)) {
		throw new UsageError(
			`your home directory is not an absolute path: "${userHome}"`,
			'set HOME, or LLM_ORCHESTRATOR_HOME to a directory that you can write to',
		);
	}

	const directory =
		given === undefined || given === ''
			? path.join(userHome, '.llm-orchestrator')
			: path.resolve(given);
	return {
		directory,
		configFile: path.join(directory, 'config.json'),
		teamsDirectory: path.join(directory, 'teams'),
		runsDirectory: path.join(directory, 'runs'),
	};
}

/** The directory of a run's worktrees and repository: on this machine, wherever its log is. */
export function workDirectoryOf({runsDirectory}: Home, run: string): string {
	return path.join(runsDirectory, run, 'work');
}

/** Creates the home directory for its owner only; refuses one that other users can write to. */
export async function prepareHome(home: Home): Promise<void> {
	try {
		await makeDirectory(home.teamsDirectory);
		await makeDirectory(home.runsDirectory);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(
			`cannot create ${home.directory}: ${reason}`,
			'set LLM_ORCHESTRATOR_HOME to a directory that you can write to',
			error,
		);
	}

	const {mode, uid} = await stat(home.directory);
	const own = process.getuid?.();
	if (own !== undefined && uid !== own) {
		throw new UsageError(
			`${home.directory} belongs to another user`,
			'set LLM_ORCHESTRATOR_HOME to a directory of your own',
		);
	}

	if ((mode & 0o022) !== 0) {
		throw new UsageError(
			`other users can write to ${home.directory}`,
			`run: chmod 700 ${home.directory}`,
		);
	}
}

/** Throws `UsageError` if teams or runs cannot be added to a home that exists. */
export async function requireWritable({teamsDirectory, runsDirectory}: Home): Promise<void> {
	for (const directory of [teamsDirectory, runsDirectory]) {
		await access(directory, constants.W_OK | constants.X_OK).catch((error: unknown) => {
			throw fileError('write', directory, error);
		});
	}
}

/**
 * Like `mkdir -p`. Not Node's `recursive`, which never returns if a parent can neither be found nor
 * created, as under /proc.
 */
async function makeDirectory(directory: string): Promise<void> {
	if (await isDirectory(directory)) {
		return;
	}

	await makeDirectory(path.dirname(directory));
	await mkdir(directory, {mode: 0o700}).catch(async (error: unknown) => {
		if (!(await isDirectory(directory))) {
			const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
			throw taken ? new Error(`${directory} is not a directory`, {cause: error}) : error;
		}
	});
}

async function isDirectory(directory: string): Promise<boolean> {
	return stat(directory).then(
		found => found.isDirectory(),
		() => false,
	);
}
