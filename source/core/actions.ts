import type {Change} from './change.ts';
import type {OwnedRun, Replay, Run} from './run.ts';
import type {RunSettings} from './settings.ts';

export type TeamSummary = {
	readonly name: string;
	readonly provider: string;
	/** `undefined`: whatever model the server has. */
	readonly model: string | undefined;
	readonly teammates: number;
	readonly createdAt: number;
	/** The teammates' models, if any differ from the lead's. */
	readonly mixed?: readonly ProviderChoice[] | undefined;
	readonly fallbacks?: readonly ProviderChoice[] | undefined;
	/** Budget of one run, in US dollars. */
	readonly budget?: number | undefined;
};

/** A provider and one of its models; without `model`, the default one. */
export type ProviderChoice = {
	readonly type: string;
	readonly model?: string | undefined;
	readonly baseUrl?: string | undefined;
	/** Name of the teammate. */
	readonly name?: string | undefined;
};

/** What a gateway may need. `$NAME` in a header is replaced by the environment variable. */
export type ProviderAddress = {
	readonly headers?: Readonly<Record<string, string>> | undefined;
	readonly query?: Readonly<Record<string, string>> | undefined;
	readonly keyVariable?: string | undefined;
};

export type NewTeam = {
	readonly name: string;
	readonly provider: string;
	readonly model?: string | undefined;
	readonly baseUrl?: string | undefined;
	/** More about the address of the lead, which teammates without a provider of their own share. */
	readonly address?: ProviderAddress | undefined;
	/** A number (all with the lead's model), or each teammate's own model. */
	readonly teammates?: number | readonly ProviderChoice[] | undefined;
	/** Tried in this order when an agent's provider fails permanently. */
	readonly fallbacks?: readonly ProviderChoice[] | undefined;
	/** Budget of one run, in US dollars. */
	readonly budget?: number | undefined;
	/** Default view of the team's runs. Default: full-screen. */
	readonly uiMode?: string | undefined;
};

/** A provider that was probed: a key in the environment, or a server at its default address. */
export type ProviderSummary = {
	readonly type: string;
	readonly usable: boolean;
	/** Whether it can be used only with a model that the person names. */
	readonly needsModel?: boolean | undefined;
	/** What was found, or how to make the provider usable. */
	readonly detail: string;
	readonly models: readonly string[];
};

/** The result of one check of a provider. */
export type TestLine = {readonly outcome: 'ok' | 'warning' | 'failed'; readonly text: string};

/** New limits for a resumed run. Absent: unchanged; `null`: no limit. */
export type LimitChange = Partial<
	Pick<RunSettings, 'maxTokens' | 'maxUsd' | 'timeoutMs' | 'unpriced'>
>;

/**
 * What any client can do beyond a run: the screen, a web page, a program. Every method rejects with an
 * error that says what to do.
 */
export type Actions = {
	listTeams(): Promise<readonly TeamSummary[]>;
	createTeam(team: NewTeam): Promise<TeamSummary>;
	/** Keeps the team's runs. */
	deleteTeam(name: string): Promise<void>;
	findProviders(): Promise<readonly ProviderSummary[]>;
	/**
	 * Tests the team's provider, reporting each result as it arrives. Resolves to whether all
	 * passed.
	 */
	testTeam(name: string, onResult: (line: TestLine) => void, signal: AbortSignal): Promise<boolean>;
	/**
	 * Resolves a directory that a person typed to an absolute path, expanding `~`. Rejects if no
	 * run can work there.
	 */
	findDirectory(input: string): Promise<string>;
	startRun(request: {
		readonly team: string;
		readonly task: string;
		readonly directory: string;
	}): Promise<OwnedRun>;
	/** Runs the scripted model on a copy of the sample project. */
	startDemo(): Promise<OwnedRun>;
	resumeRun(run: string, change?: LimitChange): Promise<OwnedRun>;
	replayRun(run: string, signal: AbortSignal): Promise<Replay>;
	/** Undoes the delivery. Resolves to a one-line summary. */
	undoRun(run: string): Promise<string>;
	/** The unified diff of an attempt's change. */
	readDiff(run: string, change: Change): Promise<string>;
};

/** What only a view in a terminal can do. Every method rejects with an error that says what to do. */
export type TerminalActions = {
	/**
	 * Opens a viewer pane for each teammate, or closes the open ones. Resolves to a one-line
	 * summary.
	 */
	togglePanes(run: Run): Promise<string>;
	/**
	 * Opens a text in the person's editor, which takes over the terminal. `undefined`: unchanged.
	 *
	 * @param extension file extension for the editor's syntax mode: `md`, `json`
	 */
	editText(text: string, extension: string): Promise<string | undefined>;
	/** Opens a text in the person's pager, which takes over the terminal. */
	pageText(text: string): Promise<void>;
};
