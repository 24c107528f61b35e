import {expect, test} from 'vitest';
import type {Usage} from '../../source/core/chat.ts';
import {createTokenEstimator} from '../../source/core/token-estimator.ts';

const request = (characters: number) => ({
	system: 'x'.repeat(characters),
	messages: [],
});
const counted = (input: number | null, more: Partial<Usage> = {}): Usage => ({
	input,
	cacheRead: null,
	cacheWrite: null,
	output: 1,
	reasoning: null,
	estimated: false,
	...more,
});
/** Of the characters that every request has beside its text. */
const frame = JSON.stringify({messages: []}).length;

test('a token is three and a half characters before anything was counted', () => {
	expect(createTokenEstimator().estimate(request(3_500 - frame))).toBe(1_000);
});

test('it follows what the server counts, the first count at once and later ones slowly', () => {
	const estimate = createTokenEstimator();
	estimate.learn(request(1_000 - frame), counted(100, {cacheRead: 300, cacheWrite: 100}));
	expect(estimate.estimate(request(2_000 - frame))).toBe(1_000);
	estimate.learn(request(1_000 - frame), counted(1_000));
	expect(estimate.estimate(request(2_000 - frame))).toBe(1_300);
});

test.each([
	['nothing', counted(null)],
	['an estimate of our own', counted(900, {estimated: true})],
	['what a server counts that leaves out its cache', counted(20)],
	['a count that cannot be', counted(5_000)],
])('it learns nothing from %s', (_, usage) => {
	const estimate = createTokenEstimator();
	estimate.learn(request(1_000), usage);
	expect(estimate.estimate(request(3_500 - frame))).toBe(1_000);
});
