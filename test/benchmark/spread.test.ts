import {expect, test} from 'vitest';
import {quantile, spreadOf} from '../../benchmark/spread.ts';

test('a quantile is the value that a share of all does not exceed', () => {
	const hundred = Array.from({length: 100}, (_, index) => 100 - index);
	expect(quantile(hundred, 0.95)).toBe(95);
	expect(quantile(hundred, 1)).toBe(100);
	expect(quantile(hundred, 0)).toBe(1);
	expect(quantile([7], 0.5)).toBe(7);
});

test('nothing is said of no values', () => {
	expect(() => quantile([], 0.5)).toThrow('no values');
	expect(() => spreadOf([])).toThrow('no values');
});
