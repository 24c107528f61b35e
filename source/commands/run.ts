import path from 'node:path';
import {systemClock} from '../compose/clock.ts';
import {createCanRun} from '../compose/can-run.ts';
import {createOrchestrator} from '../compose/orchestrator.ts';
import {runEventJsonSchema} from '../compose/event-schema.ts';
import {createTeams, type TeamConfig} from '../config/team-config.ts';
import type {Team} from '../core/settings.ts';
import {UsageError} from '../core/usage-error.ts';
import type {Command} from './command.ts';
import {conductRun} from './conduct.ts';
import {switchFlag, textFlag} from './flags.ts';
import {openStore} from './open-store.ts';
import {programName} from './program.ts';
import {newRunId} from './run-id.ts';
import {attendance, newSettings, runFlags} from './run-settings.ts';
import {readDirectory, readPlan, readTask, requireRunnable} from './task.ts';

export const runCommand: Command = {
	name: 'run',
	flags: {
		...runFlags,
		dir: {type: 'string', shortFlag: 'd'},
		taskFile: {type: 'string'},
		plan: {type: 'string'},
		planOnly: {type: 'boolean'},
		jsonSchema: {type: 'boolean'},
	},
	words: {min: 0, max: 2},
	async run({words, flags}, io) {
		if (switchFlag(flags, 'jsonSchema')) {
			io.print(JSON.stringify(runEventJsonSchema(), undefined, '\t'));
			return 0;
		}

		const [name, word] = words;
		if (name === undefined) {
			throw new UsageError(
				'which team?',
				'example: llm-orchestrator run my-team "Make the tests pass"',
			);
		}

		const {home, store, redact} = await openStore(io);
		const config = await createTeams(home).read(name);
		const settings = newSettings(flags, io.interactive, config);
		const task = await readTask(word, textFlag(flags, 'taskFile'), io.input);
		const directory = await readDirectory(
			textFlag(flags, 'dir'),
			io.workingDirectory,
			home.directory,
		);
		requireRunnable(settings.checks, createCanRun(directory, io.environment['PATH']));
		const planFile = textFlag(flags, 'plan');
		const givenPlan =
			planFile === undefined
				? undefined
				: await readPlan(path.resolve(io.workingDirectory, planFile));
		const orchestrator = createOrchestrator({
			store,
			redact,
			environment: io.environment,
			program: programName,
		});
		const order = {
			run: newRunId(systemClock.now()),
			task,
			directory,
			team: teamOf(config),
			settings,
		};
		return conductRun(
			async listener => orchestrator.start(order, {givenPlan, listener}),
			{
				json: switchFlag(flags, 'json'),
				includeDeltas: switchFlag(flags, 'includeDeltas'),
				prompts: attendance(flags, io.interactive).prompts,
			},
			io,
		);
	},
};

/** The agents of a saved team. */
export function teamOf({name, leadProvider, teammates}: TeamConfig): Team {
	const {type, model = '', baseUrl} = leadProvider;
	const profile = (agent: string) => ({
		name: agent,
		provider: type,
		model,
		...(baseUrl === undefined ? {} : {baseUrl}),
	});
	return {
		name,
		lead: profile('lead'),
		teammates: Array.from({length: teammates}, (_, index) => profile(`teammate-${index + 1}`)),
	};
}
