import {counted} from '../../core/text.ts';
import {systemClock} from '../../compose/clock.ts';
import {openTarget} from '../../compose/connect.ts';
import {workDirectoryOf} from '../../config/home.ts';
import {agentsOf, createTeams} from '../../config/team-config.ts';
import {readNamedProviders} from '../../config/user-config.ts';
import type {Actions, TestLine} from '../../core/actions.ts';
import {UsageError} from '../../core/usage-error.ts';
import {replayRun} from '../../engine/follow/replay.ts';
import {duration, failureLine} from '../../present/words.ts';
import {serviceOf} from '../../providers/target-settings.ts';
import {testProvider, type ProbeStep} from '../../providers/discovery/probe.ts';
import {findDirectory} from '../argv/find-directory.ts';
import type {Io} from '../process/io.ts';
import {lookForProviders} from './look-for-providers.ts';
import {openOrchestrator} from './open-orchestrator.ts';
import type {OpenedStore} from './open-store.ts';
import {summariesOf} from './provider-summaries.ts';
import {savedTeam} from './saved-team.ts';
import {newRunId} from './run-id.ts';
import {newSettings} from '../argv/run-flags.ts';
import {demoDirectory, demoTeammates, prepareDemo} from './start-demo.ts';
import {prepareTask} from './start-task.ts';
import {readChange} from '../../workspace/read-change.ts';
import {expandHome, readDirectory} from '../argv/task-input.ts';
import {createTeamActions} from './team-actions.ts';
import {undoRun} from '../undo.ts';

/** The actions of any client, with the real parts. */
export function createActions(opened: OpenedStore, io: Io): Actions {
	const {home, store} = opened;
	const {environment} = io;
	return {
		...createTeamActions(home, systemClock),
		async findProviders() {
			return summariesOf(await lookForProviders(io));
		},
		async testTeam(name, report, signal) {
			const config = await createTeams(home).read(name);
			const {lead} = agentsOf(config, await readNamedProviders(home));
			const model = config.leadProvider.model;
			const provider = await openTarget(lead, {
				environment,
				clock: systemClock,
				pace: 'fast',
			});
			const result = await testProvider(provider, model, {
				signal,
				service: serviceOf(lead),
				now: systemClock.monotonic,
				onStep(step) {
					report(testLineOf(step));
				},
			});
			return result.ok;
		},
		findDirectory: async written =>
			findDirectory(written, {base: io.workingDirectory, userHome: io.userHome}),
		async startRun({team, task, directory}) {
			const wanted = expandHome(directory, io.userHome);
			const real = await readDirectory(wanted, io.workingDirectory, home.directory).catch(
				suggestKey,
			);
			const config = await createTeams(home).read(team);
			const settings = newSettings({}, true, config);
			const start = await prepareTask({config, task, directory: real, settings}, opened, io);
			return start();
		},
		async startDemo() {
			const run = newRunId(systemClock.now());
			const settings = {
				...newSettings({}, true, {teammates: demoTeammates}),
				permission: 'all',
			} as const;
			const directory = demoDirectory(run);
			const start = await prepareDemo({run, directory, settings, pace: 'person'}, opened, io);
			return start();
		},
		async resumeRun(run, change) {
			const orchestrator = await openOrchestrator(opened, io);
			const settings = {attended: true, planOnly: false, ...change};
			return orchestrator.resume(run, {settings, team: savedTeam(home)});
		},
		replayRun: async (run, signal) => replayRun(store, run, {clock: systemClock, signal, speed: 1}),
		async undoRun(run) {
			const undone = await undoRun(run, opened, environment);
			if (undone.kind === 'nothing') {
				throw new UsageError(`there is nothing to undo: ${undone.reason}`);
			}

			const kept =
				undone.kept.length === 0
					? ''
					: `; kept, because they were changed since: ${undone.kept.join(', ')}`;
			return `Undid changes to ${counted(undone.files.length, 'file')}${kept}.`;
		},
		readDiff: async (run, change) => readChange(workDirectoryOf(home, run), change, {environment}),
	};
}

/** Suggests a key instead of an option. */
function suggestKey(error: unknown): never {
	throw error instanceof UsageError
		? new UsageError(error.message, 'w chooses another directory', error)
		: error;
}

function testLineOf(step: ProbeStep): TestLine {
	const {name, outcome, ms} = step;
	const what = outcome === 'failed' ? failureLine(step.failure) : step.detail;
	return {outcome, text: `${name}: ${what} (${duration(ms)})`};
}
