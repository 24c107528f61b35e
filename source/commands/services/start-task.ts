import {systemClock} from '../../compose/clock.ts';
import {createCanRun} from '../../compose/can-run.ts';
import {agentsOf, type TeamConfig} from '../../config/team-config.ts';
import {readNamedProviders} from '../../config/user-config.ts';
import type {Plan} from '../../core/plan.ts';
import type {OwnedRun, RunListener} from '../../core/run.ts';
import type {RunSettings} from '../../core/settings.ts';
import type {Io} from '../process/io.ts';
import {openOrchestrator} from './open-orchestrator.ts';
import type {OpenedStore} from './open-store.ts';
import {newRunId} from './run-id.ts';
import {expandHome, readDirectory, requireRunnable} from '../argv/task-input.ts';

export type TaskOptions = {
	readonly config: TeamConfig;
	readonly task: string;
	/** Default: the current directory. */
	readonly directory: string | undefined;
	readonly settings: RunSettings;
	readonly givenPlan?: Plan | undefined;
};

/**
 * Validates the options and returns a function that starts the run; throws `UsageError` for invalid
 * ones.
 */
export async function prepareTask(
	{config, task, directory: given, settings, givenPlan}: TaskOptions,
	opened: OpenedStore,
	io: Io,
): Promise<(listener?: RunListener) => Promise<OwnedRun>> {
	const wanted = given === undefined ? undefined : expandHome(given, io.userHome);
	const directory = await readDirectory(wanted, io.workingDirectory, opened.home.directory);
	requireRunnable(settings.checks, createCanRun(directory, io.environment['PATH']));
	const orchestrator = await openOrchestrator(opened, io);
	const team = agentsOf(config, await readNamedProviders(opened.home));
	const options = {run: newRunId(systemClock.now()), task, directory, team, settings};
	return async listener => orchestrator.start(options, {givenPlan, listener});
}
