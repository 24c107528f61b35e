import {describe, expect, test} from 'vitest';
import {judgeCost} from '../../source/approval/judge-cost.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {factsOf} from './facts.ts';

const plan = planOf({subtasks: [subtask('a'), subtask('b')]});

/** The range as the criterion tells it, in tokens. */
const [low, high] = rangeOf(judgeCost(plan, factsOf()).reasons[0] ?? '');
const range = `roughly ${low / 1_000}k to ${high / 1_000}k tokens`;

describe('the cost of a plan', () => {
	test('is told as a range that grows with the plan, and passes when there is no limit', () => {
		expect(judgeCost(plan, factsOf())).toEqual({
			criterion: 'cost',
			result: 'pass',
			reasons: [`${range}; no limit is set`],
		});
		expect(low).toBeLessThan(high);
		const larger = planOf({subtasks: ['a', 'b', 'c', 'd'].map(id => subtask(id))});
		expect(rangeOf(judgeCost(larger, factsOf()).reasons[0] ?? '')).toEqual([2 * low, 2 * high]);
	});

	test.each([
		['pass', high, 0, `${range} of the remaining ${high / 1_000}k`],
		['warn', high - 1_000, 0, `${range}, and ${high / 1_000 - 1}k are left`],
		['warn', high, 1, `${range}, and ${high / 1_000}k are left`],
		['warn', low, 0, `${range}, and ${low / 1_000}k are left`],
		['fail', low - 1, 0, `${range}, but only ${low / 1_000}k are left`],
		['fail', high, high - 900, `${range}, but only 900 are left`],
		['fail', 1_000, 5_000, `${range}, but only 0 are left`],
	] as const)(
		'is judged by what is left: %s of %i with %i spent',
		(result, maxTokens, tokensSpent, reason) => {
			const verdict = judgeCost(plan, factsOf({maxTokens}, {tokensSpent}));
			expect(verdict.result).toBe(result);
			expect(verdict.reasons[0]).toBe(reason);
		},
	);

	/** A dollar for 100,000 tokens. */
	const priceOfTokens = (tokens: number) => tokens / 100_000;

	test.each([
		['pass', null, `${range}, roughly $${low / 1e5}0 to $${high / 1e5}0; no limit is set`],
		['warn', 1, `roughly $0.06 to $2.40, and $1.00 are left`],
		['fail', 0.05, `roughly $0.06 to $2.40, but only $0.05 are left`],
		['pass', 5, `roughly $0.06 to $2.40 of the remaining $5.00`],
	] as const)('is judged by the money that is left as well: %s of %s', (result, maxUsd, reason) => {
		const verdict = judgeCost(plan, factsOf({maxUsd}, {priceOfTokens}));
		expect(verdict.result).toBe(result);
		expect(verdict.reasons[0]).toBe(reason.replace('$0.060', '$0.06').replace('$2.40', '$2.40'));
	});

	test('is told in money also where nothing is to be paid, if there is a limit', () => {
		const verdict = judgeCost(plan, factsOf({maxUsd: 5}, {priceOfTokens: () => 0}));
		expect(verdict).toMatchObject({
			result: 'pass',
			reasons: ['roughly $0.00 to $0.00 of the remaining $5.00'],
		});
	});

	test('cannot be told in money where no price is known, and says so where there is a limit', () => {
		const verdict = judgeCost(plan, factsOf({maxUsd: 5}));
		expect(verdict).toMatchObject({
			result: 'warn',
			reasons: ["the cost is unknown: the team's models have no known price"],
		});
	});
});

function rangeOf(reason: string): readonly [low: number, high: number] {
	const [, low = '', high = ''] = /(\d+)k to (\d+)k/.exec(reason) ?? [];
	return [Number(low) * 1_000, Number(high) * 1_000];
}
