import type {ProviderSummary, TeamSummary, TestLine} from '../../core/actions.ts';
import type {RunSummary} from '../../core/run.ts';
import type {ListPlace} from '../run/list-window.ts';
import {textBoxOf, type TextBoxState} from '../widgets/text-box/text-box-state.ts';

/** Where the keys go. */
export type HomePart = 'task' | 'teams' | 'runs' | 'providers';

/** What is listed. */
export type HomeList = Exclude<HomePart, 'task'>;

/** Runs that are looked for at once. */
export const runsAtOnce = 40;

/** What is seen of the test of a team; it has the place of the providers until it is put away. */
export type TeamTest = {
	readonly team: string;
	readonly lines: readonly TestLine[];
	readonly running: boolean;
	/** The first row that is shown; `undefined` follows the end. */
	readonly top: number | undefined;
	/** Ends it where it still goes on. */
	readonly stop: () => void;
};

/** What the home screen knows; what is `undefined` is still being looked for. */
export type HomeView = {
	readonly part: HomePart;
	readonly teams: readonly TeamSummary[] | undefined;
	readonly runs: readonly RunSummary[] | undefined;
	/** Runs that were looked for; so many of them mean that there may be more. */
	readonly runLimit: number;
	/** The best one first, with the model to take first; those that cannot be used last. */
	readonly providers: readonly ProviderSummary[] | undefined;
	/** Why a list could not be looked at the last time. */
	readonly unreadable: Readonly<Partial<Record<HomeList, string | undefined>>>;
	readonly team: ListPlace;
	readonly run: ListPlace;
	readonly provider: ListPlace;
	readonly task: TextBoxState;
	/** Where a new run works. */
	readonly directory: string;
	/** Whether a run is being started or opened: one at a time. */
	readonly opening: boolean;
	/** The provider that was tested last, and what was seen. */
	readonly test: TeamTest | undefined;
};

export function homeViewOf(directory: string): HomeView {
	return {
		part: 'teams',
		teams: undefined,
		runs: undefined,
		runLimit: runsAtOnce,
		providers: undefined,
		unreadable: {},
		team: {selected: 0, top: 0},
		run: {selected: 0, top: 0},
		provider: {selected: 0, top: 0},
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

export function selectedProvider({
	providers = [],
	provider,
}: HomeView): ProviderSummary | undefined {
	return providers[Math.min(provider.selected, providers.length - 1)];
}

/** Nobody can work yet: the screen says how to begin. */
export function hasNoTeam({teams}: HomeView): boolean {
	return teams?.length === 0;
}
