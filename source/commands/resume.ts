import type {RunState} from '../core/run-state.ts';
import {UsageError} from '../core/usage-error.ts';
import type {Command, FlagValues} from './command.ts';
import {conductRun} from './conduct.ts';
import {switchFlag} from './flags.ts';
import {openOrchestrator} from './open-orchestrator.ts';
import {openStore} from './open-store.ts';
import {createRunCatalog, readState} from './run-catalog.ts';
import {savedTeam} from './saved-team.ts';
import {attendance, givenSettings, runFlags} from './run-settings.ts';
import {uiModeOf} from './ui-mode.ts';

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
		return conductRun(
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
