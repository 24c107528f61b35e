import type {Verdict} from '../core/approval.ts';
import type {Plan} from '../core/plan.ts';
import type {PlanFacts} from './facts.ts';
import {verdictOf} from './verdict.ts';

/*
 * Tokens of one subtask, from a few turns on a small file to a long session; a rule of thumb until
 * past runs tell better.
 */
const lowest = 3_000;
const highest = 120_000;

/** `cost`: what the plan will take, as a range, against the tokens that are left. */
export function judgeCost(plan: Plan, {settings, tokensSpent}: PlanFacts): Verdict {
	const count = plan.subtasks.length;
	const low = count * lowest;
	const high = count * highest;
	const range = `roughly ${inThousands(low)} to ${inThousands(high)} tokens`;
	if (settings.maxTokens === null) {
		return verdictOf('cost', {passed: `${range}; no limit is set`});
	}

	const left = Math.max(0, settings.maxTokens - tokensSpent);
	return verdictOf('cost', {
		failures: low > left ? [`${range}, but only ${inThousands(left)} are left`] : [],
		warnings: high > left && low <= left ? [`${range}, and ${inThousands(left)} are left`] : [],
		passed: `${range} of ${inThousands(left)} that are left`,
	});
}

function inThousands(tokens: number): string {
	return tokens < 1_000 ? String(tokens) : `${Math.round(tokens / 1_000)}k`;
}
