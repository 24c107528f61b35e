import type {RunSettings} from '../core/settings.ts';

/** What the criteria need to know beside the plan. */
export type PlanFacts = {
	readonly settings: RunSettings;
	/** Tokens that the run has spent so far. */
	readonly tokensSpent: number;
	readonly usdSpent: number;
	/** US dollars that the team's dearest model takes for tokens; `undefined`: not known. */
	readonly priceOfTokens: (tokens: number) => number | undefined;
	/** Whether a program of this name (or path, from the directory) can be started. */
	readonly canRun: (program: string) => boolean;
};
