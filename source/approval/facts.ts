import type {RunSettings} from '../core/settings.ts';

/** What the criteria need to know in addition to the plan. */
export type PlanFacts = {
	readonly settings: RunSettings;
	/** Tokens that the run has spent so far. */
	readonly tokensSpent: number;
	readonly usdSpent: number;
	/** US dollars for tokens of the team's most expensive model; `undefined`: unknown. */
	readonly priceOfTokens: (tokens: number) => number | undefined;
	/** Whether a program of this name (or path, from the directory) can be started. */
	readonly canRun: (program: string) => boolean;
};
