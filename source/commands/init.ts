import {locateHome, prepareHome} from '../config/home.ts';
import type {Command} from './command.ts';
import {findProviders, printProviders} from './find-providers.ts';

export const initCommand: Command = {
	name: 'init',
	flags: {},
	words: {min: 0, max: 0},
	async run(_, io) {
		const home = locateHome(io.environment, io.userHome);
		await prepareHome(home);
		io.print(`${home.directory} is ready.`);
		const found = await findProviders(io.environment);
		printProviders(found, io);
		const usable = found.find(({state}) => state === 'up' || state === 'key');
		io.print('');
		io.print(
			usable
				? `Next: llm-orchestrator create my-team --provider ${usable.type}`
				: 'No provider is there yet. See a whole run without one: llm-orchestrator demo',
		);
		return 0;
	},
};
