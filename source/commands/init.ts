import {locateHome, prepareHome} from '../config/home.ts';
import {bestProvider, type BestProvider} from '../providers/discovery/discover.ts';
import type {Command} from './argv/command.ts';
import {lookForProviders} from './services/look-for-providers.ts';
import {printProviders} from './services/print-providers.ts';
import {shellWord} from './argv/shell-word.ts';

export const initCommand: Command = {
	name: 'init',
	flags: {},
	words: {min: 0, max: 0},
	async run(_, io) {
		const home = locateHome(io.environment, io.userHome);
		await prepareHome(home);
		io.print(`${home.directory} is ready.`);
		const found = await lookForProviders(io);
		printProviders(found, io);
		const best = bestProvider(found);
		io.print('');
		io.print(
			best
				? `Next: llm-orchestrator create my-team ${flagsOf(best)}`
				: 'No provider found yet. To see a complete run without one: llm-orchestrator demo',
		);
		return 0;
	},
};

function flagsOf({type, model}: BestProvider): string {
	return model === undefined
		? `--provider ${type}`
		: `--provider ${type} --model ${shellWord(model)}`;
}
