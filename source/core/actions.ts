import type {Change} from './change.ts';
import type {Replay, Run} from './run.ts';
import type {RunSettings} from './settings.ts';

export type TeamSummary = {
	readonly name: string;
	readonly provider: string;
	/** `undefined`: whatever the server has. */
	readonly model: string | undefined;
	readonly teammates: number;
	readonly createdAt: number;
	/** The models of the teammates, where they are not all the lead's. */
	readonly mixed?: readonly ProviderChoice[] | undefined;
	readonly fallbacks?: readonly ProviderChoice[] | undefined;
	/** US dollars that a run may cost. */
	readonly budget?: number | undefined;
};

/** A provider, and the model there; without one whatever it has. */
export type ProviderChoice = {
	readonly type: string;
	readonly model?: string | undefined;
	readonly baseUrl?: string | undefined;
	/** What a teammate is called. */
	readonly name?: string | undefined;
};

export type NewTeam = {
	readonly name: string;
	readonly provider: string;
	readonly model?: string | undefined;
	readonly baseUrl?: string | undefined;
	/** How many, all like the lead, or each of them. */
	readonly teammates?: number | readonly ProviderChoice[] | undefined;
	/** What an agent turns to, in this order, when its provider fails for good. */
	readonly fallbacks?: readonly ProviderChoice[] | undefined;
	/** US dollars that a run may cost. */
	readonly budget?: number | undefined;
	/** How runs of the team are shown where nothing else is asked for. Default: full-screen. */
	readonly uiMode?: string | undefined;
};

/** A provider that was looked for: a key in the environment, or a server at its usual address. */
export type ProviderSummary = {
	readonly type: string;
	readonly usable: boolean;
	/** What was found, or what to do so that it is. */
	readonly detail: string;
	readonly models: readonly string[];
};

/** One thing that was tried on a provider. */
export type TestLine = {readonly outcome: 'ok' | 'warning' | 'failed'; readonly text: string};

/** A run of this process: it goes on when nobody looks, and can be stopped so that it can be resumed. */
export type StartedRun = Run & {
	stop(outcome: 'interrupted' | 'terminated', reason: string): void;
};

/** Limits that a run goes on with; what is absent stays as it was. `null`: no limit. */
export type LimitChange = Partial<
	Pick<RunSettings, 'maxTokens' | 'maxUsd' | 'timeoutMs' | 'unpriced'>
>;

/** What a view may do beyond a run. All methods reject with an error that says what to do. */
export type Actions = {
	listTeams(): Promise<readonly TeamSummary[]>;
	createTeam(team: NewTeam): Promise<TeamSummary>;
	/** Its runs stay. */
	deleteTeam(name: string): Promise<void>;
	findProviders(): Promise<readonly ProviderSummary[]>;
	/** Tries the provider of a team and tells each thing as it comes; whether all went well. */
	testTeam(name: string, tell: (line: TestLine) => void, signal: AbortSignal): Promise<boolean>;
	/**
	 * The directory that a person means: absolute, `~` for their home where it is in it. Rejects for what no
	 * run could work in.
	 */
	findDirectory(written: string): Promise<string>;
	startRun(order: {
		readonly team: string;
		readonly task: string;
		readonly directory: string;
	}): Promise<StartedRun>;
	/** A run with the scripted model on a copy of the sample project. */
	startDemo(): Promise<StartedRun>;
	resumeRun(run: string, change?: LimitChange): Promise<StartedRun>;
	replayRun(run: string, signal: AbortSignal): Promise<Replay>;
	/** Takes the delivered change back; what became of it, in one line. */
	undoRun(run: string): Promise<string>;
	/** The unified diff of what an attempt changed. */
	readDiff(run: string, change: Change): Promise<string>;
	/**
	 * Opens a viewer for each teammate beside this view, or closes them when they are there; what was
	 * done, in one line.
	 */
	togglePanes(run: Run): Promise<string>;
	/**
	 * Lets the person edit a text with their own editor, which gets the terminal meanwhile. `undefined`
	 * when it was left as it was.
	 *
	 * @param extension of the file, so that the editor knows what it is: `md`, `json`
	 */
	editText(text: string, extension: string): Promise<string | undefined>;
	/** Shows a text in the person's pager, which gets the terminal meanwhile. */
	pageText(text: string): Promise<void>;
};
