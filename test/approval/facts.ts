import type {PlanFacts} from '../../source/approval/facts.ts';
import {defaultRunSettings, type RunSettings} from '../../source/core/settings.ts';

/** What criteria know when all programs are there and nothing is spent. */
export function factsOf(
	settings: Partial<RunSettings> = {},
	facts: Partial<PlanFacts> = {},
): PlanFacts {
	return {
		settings: {...defaultRunSettings, ...settings},
		tokensSpent: 0,
		usdSpent: 0,
		priceOfTokens: () => undefined,
		canRun: () => true,
		...facts,
	};
}
