import type {ProviderSummary, TeamSummary, TestLine} from '../../core/actions.ts';
import type {RunSummary} from '../../core/run.ts';
import type {ListPlace} from '../run/list-window.ts';
import {textBoxOf, type TextBoxState} from '../widgets/text-box/text-box-state.ts';

/** Where the keys go. */
export type HomePart = 'task' | 'teams' | 'runs';

/** What the home screen knows; what is `undefined` is still being looked for. */
export type HomeView = {
	readonly part: HomePart;
	readonly teams: readonly TeamSummary[] | undefined;
	readonly runs: readonly RunSummary[] | undefined;
	readonly providers: readonly ProviderSummary[] | undefined;
	readonly team: ListPlace;
	readonly run: ListPlace;
	readonly task: TextBoxState;
	/** Where a new run works. */
	readonly directory: string;
	/** Whether a run is being started or opened: one at a time. */
	readonly opening: boolean;
	/** The provider that was tested last, and what was seen. */
	readonly test:
		| {readonly team: string; readonly lines: readonly TestLine[]; readonly running: boolean}
		| undefined;
};

export function homeViewOf(directory: string): HomeView {
	return {
		part: 'teams',
		teams: undefined,
		runs: undefined,
		providers: undefined,
		team: {selected: 0, top: 0},
		run: {selected: 0, top: 0},
		task: textBoxOf(),
		directory,
		opening: false,
		test: undefined,
	};
}

export function selectedTeam({teams = [], team}: HomeView): TeamSummary | undefined {
	return teams[Math.min(team.selected, teams.length - 1)];
}

export function selectedRun({runs = [], run}: HomeView): RunSummary | undefined {
	return runs[Math.min(run.selected, runs.length - 1)];
}

/** Nothing was made yet: the screen says how to begin. */
export function isFirstStart({teams, runs}: HomeView): boolean {
	return teams?.length === 0 && (runs === undefined || runs.length === 0);
}
