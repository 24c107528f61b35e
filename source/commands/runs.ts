import {listedRunsJsonSchema} from '../compose/json-schemas.ts';
import type {ListedRuns, RunSummary} from '../core/run-summary.ts';
import {sanitizeLine} from '../core/text.ts';
import {createRunCatalog} from '../compose/run-catalog.ts';
import {runGlyphs, statusText, tokens} from '../present/words.ts';
import type {Command} from './argv/command.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import {openStore} from './services/open-store.ts';
import {printJson, printJsonSchema} from './services/checked-output.ts';

export const runsCommand: Command = {
	name: 'runs',
	flags: {team: {type: 'string'}, json: {type: 'boolean'}, jsonSchema: {type: 'boolean'}},
	words: {min: 0, max: 0},
	async run({flags}, io) {
		if (switchFlag(flags, 'jsonSchema')) {
			await printJsonSchema(listedRunsJsonSchema(), io);
			return 0;
		}

		const {store} = await openStore(io);
		const team = textFlag(flags, 'team');
		const runs = await createRunCatalog(store).list({team});
		if (switchFlag(flags, 'json')) {
			const document: ListedRuns = {version: 1, runs: [...runs]};
			await printJson(document, io);
			return 0;
		}

		if (runs.length === 0) {
			io.print(
				team === undefined
					? 'No runs yet. See one: llm-orchestrator demo'
					: `No runs of team ${sanitizeLine(team)}.`,
			);
		}

		for (const run of runs) {
			io.print(describeRun(run));
		}

		return 0;
	},
};

function describeRun(run: RunSummary): string {
	if (run.problem !== undefined) {
		return `! ${run.run}  cannot be read: ${sanitizeLine(run.problem)}`;
	}

	const undone = `${run.unverified ? ' (unverified)' : ''}${run.undone ? ' (undone)' : ''}`;
	const progress = run.subtasks === 0 ? '' : ` ${run.completed}/${run.subtasks}`;
	return `${runGlyphs[run.status]} ${run.run}  ${statusText(run.status)}${run.live ? ' (live)' : ''}${undone}${progress}  ${run.team}  ${tokens(run.tokens)} tokens  ${run.task}`;
}
