import type {ProviderSummary, TeamSummary, TestLine} from '../../core/actions.ts';
import type {RunSummary} from '../../core/run-summary.ts';
import type {ListPosition} from '../run/list-window.ts';
import {textBoxOf, type TextBoxState} from '../widgets/text-box/text-box-state.ts';

/** The part with the focus. */
export type HomePart = 'task' | 'teams' | 'runs' | 'providers';

export type HomeList = Exclude<HomePart, 'task'>;

export const runsPerPage = 40;

/** A provider test of a team; replaces the providers until it is closed. */
export type TeamTest = {
	readonly team: string;
	readonly lines: readonly TestLine[];
	readonly running: boolean;
	/** The first visible row; `undefined` follows the end. */
	readonly top: number | undefined;
	/** Stops it if it is still running. */
	readonly stop: () => void;
};

/** The state of the home screen; `undefined` is still loading. */
export type HomeView = {
	readonly part: HomePart;
	readonly teams: readonly TeamSummary[] | undefined;
	readonly runs: readonly RunSummary[] | undefined;
	/** Limit of the last load; that many runs mean that there may be more. */
	readonly runLimit: number;
	/** Best first, with its best model first; unusable ones last. */
	readonly providers: readonly ProviderSummary[] | undefined;
	/** Why a list could not be loaded. */
	readonly unreadable: Readonly<Partial<Record<HomeList, string | undefined>>>;
	readonly team: ListPosition;
	readonly run: ListPosition;
	readonly provider: ListPosition;
	readonly task: TextBoxState;
	/** The directory for new runs. */
	readonly directory: string;
	/** Whether a run is being started or opened; only one at a time. */
	readonly opening: boolean;
	/** The latest provider test. */
	readonly test: TeamTest | undefined;
};

export function homeViewOf(directory: string): HomeView {
	return {
		part: 'teams',
		teams: undefined,
		runs: undefined,
		runLimit: runsPerPage,
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

/** Without teams the screen shows how to start. */
export function hasNoTeam({teams}: HomeView): boolean {
	return teams?.length === 0;
}
