import path from 'node:path';
import {systemClock} from '../compose/clock.ts';
import type {Command} from './argv/command.ts';
import {showRun} from './views/show-run.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import {openStore} from './services/open-store.ts';
import {newRunId} from './services/run-id.ts';
import {newSettings, runFlags} from './argv/run-flags.ts';
import {demoDirectory, demoTeammates, prepareDemo} from './services/start-demo.ts';
import {isFullScreen, uiModeOf} from './argv/ui-mode.ts';

export const demoCommand: Command = {
	name: 'demo',
	flags: {...runFlags, dir: {type: 'string', shortFlag: 'd'}, fast: {type: 'boolean'}},
	words: {min: 0, max: 0},
	async run({flags}, io) {
		const mode = uiModeOf(flags, io);
		const opened = await openStore(io);
		const run = newRunId(systemClock.now());
		const directory = path.resolve(
			io.workingDirectory,
			textFlag(flags, 'dir') ?? demoDirectory(run),
		);
		const settings = {
			...newSettings(flags, io.interactive, {teammates: demoTeammates}),
			...(flags['permission'] === undefined ? {permission: 'all' as const} : {}),
			// Full-screen, you approve the plan; otherwise the demo runs unattended.
			...(flags['approve'] === undefined && !isFullScreen(mode)
				? {approve: 'criteria' as const}
				: {}),
		};
		const pace = switchFlag(flags, 'fast') ? 'fast' : 'person';
		const start = await prepareDemo({run, directory, settings, pace}, opened, io);
		if (mode === 'inline' || mode === 'bar') {
			printIntro(directory, io.print);
		}

		return showRun(start, {mode, flags}, opened, io);
	},
};

function printIntro(directory: string, print: (text: string) => void): void {
	print(
		'A team of scripted agents finishes a small project. The model is a SCRIPT: no API key, no network,',
	);
	print(
		'no server. Everything else is real: plan, parallel work, files, checks, merges, recovery, delivery.',
	);
	print(`Project: ${directory} (its tests fail at first)`);
	print('');
}
