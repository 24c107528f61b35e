import {existsSync} from 'node:fs';
import {cp, mkdir, readdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {systemClock} from '../compose/clock.ts';
import {createOrchestrator} from '../compose/orchestrator.ts';
import {UsageError} from '../core/usage-error.ts';
import {scriptedModel} from '../demo/scripted-provider.ts';
import {demoTask} from '../demo/task.ts';
import type {Command} from './command.ts';
import {conductRun} from './conduct.ts';
import {switchFlag, textFlag} from './flags.ts';
import {openStore} from './open-store.ts';
import {programName} from './program.ts';
import {newRunId} from './run-id.ts';
import {attendance, newSettings, runFlags} from './run-settings.ts';

const teammates = 3;

export const demoCommand: Command = {
	name: 'demo',
	flags: {...runFlags, dir: {type: 'string', shortFlag: 'd'}, fast: {type: 'boolean'}},
	words: {min: 0, max: 0},
	async run({flags}, io) {
		const {store, redact} = await openStore(io);
		const run = newRunId(systemClock.now());
		const directory = await copyProject(
			path.resolve(
				io.workingDirectory,
				textFlag(flags, 'dir') ?? path.join(tmpdir(), `sales-report-${run}`),
			),
		);
		const settings = {
			...newSettings(flags, io.interactive, {teammates}),
			...(flags['permission'] === undefined ? {permission: 'all' as const} : {}),
			...(flags['approve'] === undefined ? {approve: 'criteria' as const} : {}),
		};
		const json = switchFlag(flags, 'json');
		if (!json) {
			introduce(directory, io.print);
		}

		const profile = (name: string) => ({name, provider: 'demo', model: scriptedModel});
		const team = {
			name: 'demo',
			lead: profile('lead'),
			teammates: Array.from({length: teammates}, (_, index) => profile(`teammate-${index + 1}`)),
		};
		const orchestrator = createOrchestrator({
			store,
			redact,
			environment: io.environment,
			program: programName,
			pace: switchFlag(flags, 'fast') ? 'fast' : 'person',
		});
		const order = {run, task: demoTask, directory, team, settings};
		return conductRun(
			async listener => orchestrator.start(order, {listener}),
			{
				json,
				includeDeltas: switchFlag(flags, 'includeDeltas'),
				prompts: attendance(flags, io.interactive).prompts,
			},
			io,
		);
	},
};

function introduce(directory: string, print: (text: string) => void): void {
	print(
		'A team of scripted agents finishes a small project. The model is a SCRIPT: no key, no network,',
	);
	print(
		'no server. All else is real: plan, parallel work, files, checks, merges, recovery, delivery.',
	);
	print(`The project: ${directory} (its tests fail at first)`);
	print('');
}

/** Copies the sample project into a directory that is new or empty. */
async function copyProject(directory: string): Promise<string> {
	const hint = 'name a new directory by --dir';
	try {
		await mkdir(directory, {recursive: true});
		if ((await readdir(directory)).length > 0) {
			throw new UsageError(`${directory} is not empty`, hint);
		}

		await cp(sampleProject(), directory, {recursive: true});
		return directory;
	} catch (error) {
		if (error instanceof UsageError) {
			throw error;
		}

		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(`cannot copy the sample project to ${directory}: ${reason}`, hint, error);
	}
}

/** In the sources, or beside the chunks of the bundle. */
function sampleProject(): string {
	const sources = new URL('../demo/project', import.meta.url);
	const bundle = new URL('../demo-project', import.meta.url);
	return fileURLToPath(existsSync(sources) ? sources : bundle);
}
