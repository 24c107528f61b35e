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

/** What a plan will take, against what is left of it. */
type Estimate = {
	readonly low: number;
	readonly high: number;
	/** `null`: without limit. */
	readonly left: number | null;
	readonly inWords: (amount: number) => string;
	/** What it is counted in, where the words do not say it. */
	readonly unit: string;
};

/** `cost`: what the plan will take, as a range, against the tokens and the money that are left. */
export function judgeCost(plan: Plan, facts: PlanFacts): Verdict {
	const {settings, tokensSpent, usdSpent, priceOfTokens} = facts;
	const [low, high] = [plan.subtasks.length * lowest, plan.subtasks.length * highest];
	const tokens: Estimate = {
		low,
		high,
		left: leftOf(settings.maxTokens, tokensSpent),
		inWords: inThousands,
		unit: ' tokens',
	};
	const [lowUsd, highUsd] = [priceOfTokens(low), priceOfTokens(high)];
	const matters = settings.maxUsd !== null || (highUsd ?? 0) > 0;
	const isPriced = lowUsd !== undefined && highUsd !== undefined && matters;
	const money: Estimate | undefined = isPriced
		? {
				low: lowUsd,
				high: highUsd,
				left: leftOf(settings.maxUsd, usdSpent),
				inWords: inDollars,
				unit: '',
			}
		: undefined;
	const estimates = [tokens, ...(money ? [money] : [])];
	const isUnknown = settings.maxUsd !== null && highUsd === undefined;
	if (!isUnknown && estimates.every(({left}) => left === null)) {
		return verdictOf('cost', {passed: `${estimates.map(rangeOf).join(', ')}; no limit is set`});
	}

	const limited = estimates.filter(({left}) => left !== null);
	return verdictOf('cost', {
		failures: limited.flatMap(tooMuch),
		warnings: [
			...limited.flatMap(maybeTooMuch),
			...(isUnknown
				? ['no price is known for the models of the team, so no cost can be told']
				: []),
		],
		passed: limited.map(fits).join('; '),
	});
}

function leftOf(limit: number | null, spent: number): number | null {
	return limit === null ? null : Math.max(0, limit - spent);
}

function rangeOf({low, high, inWords, unit}: Estimate): string {
	return `roughly ${inWords(low)} to ${inWords(high)}${unit}`;
}

function tooMuch(estimate: Estimate): readonly string[] {
	const {low, left, inWords} = estimate;
	return left !== null && low > left
		? [`${rangeOf(estimate)}, but only ${inWords(left)} are left`]
		: [];
}

function maybeTooMuch(estimate: Estimate): readonly string[] {
	const {low, high, left, inWords} = estimate;
	return left !== null && high > left && low <= left
		? [`${rangeOf(estimate)}, and ${inWords(left)} are left`]
		: [];
}

function fits(estimate: Estimate): string {
	return `${rangeOf(estimate)} of ${estimate.inWords(estimate.left ?? 0)} that are left`;
}

function inThousands(tokens: number): string {
	return tokens < 1_000 ? String(tokens) : `${Math.round(tokens / 1_000)}k`;
}

function inDollars(usd: number): string {
	return `$${usd.toFixed(2)}`;
}
