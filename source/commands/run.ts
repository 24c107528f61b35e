import path from 'node:path';
import {runEventJsonSchema} from '../compose/json-schemas.ts';
import {createTeams} from '../config/team-config.ts';
import {UsageError} from '../core/usage-error.ts';
import type {Command} from './argv/command.ts';
import {printJsonSchema} from './services/checked-output.ts';
import {showRun} from './views/show-run.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import {openStore} from './services/open-store.ts';
import {ineffectiveSetting, newSettings, runFlags} from './argv/run-flags.ts';
import {prepareTask} from './services/start-task.ts';
import {readPlan, readTask} from './argv/task-input.ts';
import {uiModeOf} from './argv/ui-mode.ts';

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
			await printJsonSchema(runEventJsonSchema(), io);
			return 0;
		}

		const [name, word] = words;
		if (name === undefined) {
			throw new UsageError(
				'which team?',
				'example: llm-orchestrator run my-team "Make the tests pass"',
			);
		}

		const opened = await openStore(io);
		const config = await createTeams(opened.home).read(name);
		const mode = uiModeOf(flags, io, config);
		const settings = newSettings(flags, io.interactive, config);
		const idle = ineffectiveSetting(settings);
		if (idle !== undefined) {
			io.printError(`warning: ${idle}`);
		}

		const task = await readTask(word, textFlag(flags, 'taskFile'), io.input);
		const planFile = textFlag(flags, 'plan');
		const givenPlan =
			planFile === undefined
				? undefined
				: await readPlan(path.resolve(io.workingDirectory, planFile));
		const directory = textFlag(flags, 'dir');
		const start = await prepareTask({config, task, directory, settings, givenPlan}, opened, io);
		return showRun(start, {mode, flags}, opened, io);
	},
};
