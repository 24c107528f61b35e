import type {Verdict} from '../core/approval.ts';
import type {Plan} from '../core/plan.ts';
import type {RunSettings} from '../core/settings.ts';
import {judgeCost} from './cost.ts';
import {judgeScope} from './scope.ts';
import {judgeSecurity} from './security.ts';
import {judgeTests} from './tests.ts';

/** What the criteria need to know beside the plan. */
export type PlanFacts = {
	readonly settings: RunSettings;
	/** Tokens that the run has spent so far. */
	readonly tokensSpent: number;
	/** Whether a program of this name (or path, from the directory) can be started. */
	readonly canRun: (program: string) => boolean;
};

/** Judges a plan by all criteria, in the order in which people read them. */
export function judgePlan(plan: Plan, facts: PlanFacts): readonly Verdict[] {
	return [judgeTests(plan, facts), judgeSecurity(plan), judgeCost(plan, facts), judgeScope(plan)];
}
