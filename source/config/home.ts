import {mkdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../core/usage-error.ts';

/** Where everything of a person is kept: configuration, teams, runs. */
export type Home = {
	readonly directory: string;
	readonly configFile: string;
	readonly teamsDirectory: string;
	readonly runsDirectory: string;
};

/**
 * `~/.llm-orchestrator`, or what `LLM_ORCHESTRATOR_HOME` names. Nothing is made yet.
 *
 * @param userHome the person's home directory
 */
export function locateHome(
	environment: Readonly<Record<string, string | undefined>>,
	userHome: string,
): Home {
	const given = environment['LLM_ORCHESTRATOR_HOME']?.trim();
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

/** Where a run keeps its worktrees and its repository: on this machine, wherever its log is. */
export function workDirectoryOf({runsDirectory}: Home, run: string): string {
	return path.join(runsDirectory, run, 'work');
}

/** Makes the home directory for its owner alone; refuses one that others may write to. */
export async function prepareHome(home: Home): Promise<void> {
	try {
		await makeDirectory(home.teamsDirectory);
		await makeDirectory(home.runsDirectory);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(
			`cannot make ${home.directory}: ${reason}`,
			'set LLM_ORCHESTRATOR_HOME to a directory that you may write to',
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
			`others may write to ${home.directory}`,
			`run: chmod 700 ${home.directory}`,
		);
	}
}

/**
 * Like `mkdir -p`. Not Node's own `recursive`, which never returns where a parent can be neither found
 * nor made, as under /proc.
 */
async function makeDirectory(directory: string): Promise<void> {
	if (await isThere(directory)) {
		return;
	}

	await makeDirectory(path.dirname(directory));
	await mkdir(directory, {mode: 0o700}).catch(async (error: unknown) => {
		if (!(await isThere(directory))) {
			const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
			throw taken ? new Error(`${directory} is no directory`, {cause: error}) : error;
		}
	});
}

async function isThere(directory: string): Promise<boolean> {
	return stat(directory).then(
		found => found.isDirectory(),
		() => false,
	);
}
