import type {Verdict} from '../core/approval.ts';
import type {Plan} from '../core/plan.ts';
import type {PlanFacts} from './facts.ts';
import {verdictOf} from './verdict.ts';

/*
 * Tokens of one subtask, from a few turns on a small file to a long session: a rule of thumb until
 * it can be based on past runs.
 */
const minSubtaskTokens = 3_000;
const maxSubtaskTokens = 120_000;

/** The estimated cost of a plan, and the remaining budget. */
type Estimate = {
	readonly low: number;
	readonly high: number;
	/** `null`: no limit. */
	readonly left: number | null;
	readonly format: (amount: number) => string;
	/** The unit, if the formatted amounts don't include it. */
	readonly unit: string;
};

/** `cost`: the estimated range against the remaining tokens and money. */
export function judgeCost(plan: Plan, facts: PlanFacts): Verdict {
	const {settings, tokensSpent, usdSpent, priceOfTokens} = facts;
	const [low, high] = [
		plan.subtasks.length * minSubtaskTokens,
		plan.subtasks.length * maxSubtaskTokens,
	];
	const tokens: Estimate = {
		low,
		high,
		left: remaining(settings.maxTokens, tokensSpent),
		format: inThousands,
		unit: ' tokens',
	};
	const [lowUsd, highUsd] = [priceOfTokens(low), priceOfTokens(high)];
	const matters = settings.maxUsd !== null || (highUsd ?? 0) > 0;
	const isPriced = lowUsd !== undefined && highUsd !== undefined && matters;
	const money: Estimate | undefined = isPriced
		? {
				low: lowUsd,
				high: highUsd,
				left: remaining(settings.maxUsd, usdSpent),
				format: inDollars,
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
			...(isUnknown ? ["the cost is unknown: the team's models have no known price"] : []),
		],
		passed: limited.map(fits).join('; '),
	});
}

function remaining(limit: number | null, spent: number): number | null {
	return limit === null ? null : Math.max(0, limit - spent);
}

function rangeOf({low, high, format: inWords, unit}: Estimate): string {
	return `roughly ${inWords(low)} to ${inWords(high)}${unit}`;
}

function tooMuch(estimate: Estimate): readonly string[] {
	const {low, left, format: inWords} = estimate;
	return left !== null && low > left
		? [`${rangeOf(estimate)}, but only ${inWords(left)} are left`]
		: [];
}

function maybeTooMuch(estimate: Estimate): readonly string[] {
	const {low, high, left, format: inWords} = estimate;
	return left !== null && high > left && low <= left
		? [`${rangeOf(estimate)}, and ${inWords(left)} are left`]
		: [];
}

function fits(estimate: Estimate): string {
	return `${rangeOf(estimate)} of the remaining ${estimate.format(estimate.left ?? 0)}`;
}

function inThousands(tokens: number): string {
	return tokens < 1_000 ? String(tokens) : `${Math.round(tokens / 1_000)}k`;
}

function inDollars(usd: number): string {
	return `$${usd.toFixed(2)}`;
}
