import type {Verdict} from '../core/approval.ts';
import type {Plan} from '../core/plan.ts';
import {judgeCost} from './judge-cost.ts';
import type {PlanFacts} from './facts.ts';
import {judgeScope} from './judge-scope.ts';
import {judgeSecurity} from './judge-security.ts';
import {judgeTests} from './judge-tests.ts';

/** Judges a plan by all criteria, in display order. */
export function judgePlan(plan: Plan, facts: PlanFacts): readonly Verdict[] {
	return [judgeTests(plan, facts), judgeSecurity(plan), judgeCost(plan, facts), judgeScope(plan)];
}
