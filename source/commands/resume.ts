import type {RunState} from '../core/run-state.ts';
import {UsageError} from '../core/usage-error.ts';
import type {Command, FlagValues} from './argv/command.ts';
import {showRun} from './views/show-run.ts';
import {switchFlag} from './argv/flags.ts';
import {openOrchestrator} from './services/open-orchestrator.ts';
import {openStore} from './services/open-store.ts';
import {createRunCatalog, readState} from '../compose/run-catalog.ts';
import {savedTeam} from './services/saved-team.ts';
import {attendance, givenSettings, runFlags} from './argv/run-flags.ts';
import {uiModeOf} from './argv/ui-mode.ts';

export const resumeCommand: Command = {
	name: 'resume',
	flags: {...runFlags, takeOver: {type: 'boolean'}, fast: {type: 'boolean'}},
	words: {min: 1, max: 1},
	async run({words, flags}, io) {
		const opened = await openStore(io);
		const {store, home} = opened;
		const mode = uiModeOf(flags, io);
		const run = await createRunCatalog(store).resolve(words[0] ?? '');
		requireResumable(await readState(store, run));
		const {interactive} = io;
		const pace = switchFlag(flags, 'fast') ? 'fast' : 'person';
		const orchestrator = await openOrchestrator(opened, io, pace);
		const settings = overrides(flags, interactive);
		const takeOver = switchFlag(flags, 'takeOver');
		return showRun(
			async listener =>
				orchestrator.resume(run, {settings, takeOver, team: savedTeam(home), listener}),
			{mode, flags},
			opened,
			io,
		);
	},
};

function overrides(flags: FlagValues, interactive: boolean) {
	return {
		planOnly: false,
		attended: attendance(flags, interactive).attended,
		...givenSettings(flags),
	};
}

function requireResumable({run, status}: RunState): void {
	if (status === 'completed' || status === 'rejected' || status === 'cancelled') {
		throw new UsageError(
			`${run} is ${status}: there is nothing to resume`,
			`see: llm-orchestrator show ${run}`,
		);
	}
}
