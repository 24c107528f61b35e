import {describe, expect, test} from 'vitest';
import {span} from '../../../source/present/text/row.ts';
import {createMatcher, findRow} from '../../../source/present/text/row-search.ts';

describe('a search', () => {
	test('marks all matches, across tones and in any case', () => {
		const row = [span('the Parser, the p'), span('ARSER', 'accent'), span('!')];
		expect(createMatcher('parser').mark(row)).toEqual([
			span('the '),
			span('Parser', 'match'),
			span(', the '),
			span('p', 'match'),
			span('ARSER', 'match'),
			span('!'),
		]);
	});

	test('leaves a row without a match as it is', () => {
		const row = [span('nothing')];
		expect(createMatcher('x').mark(row)).toBe(row);
		expect(createMatcher('').mark(row)).toBe(row);
	});

	test('takes every character as it is', () => {
		const text = 'a.b* (c) [d] {e} \\ / ^ $ + ? | -';
		expect(createMatcher(text).matches([span(`x${text}y`)])).toBe(true);
		expect(createMatcher('a.b').matches([span('axb')])).toBe(false);
		expect(createMatcher('İ').mark([span('ab İx')])).toContainEqual(span('İ', 'match'));
	});

	test('goes on around the end, in both directions', () => {
		const matches = (line: number) => line === 12 || line === 15;
		const from = (line: number, direction: 'forward' | 'backward') =>
			findRow(matches, {start: 10, count: 10, from: line, direction});
		expect([10, 12, 13, 16, 0, 99].map(line => from(line, 'forward'))).toEqual([
			12, 12, 15, 12, 12, 12,
		]);
		expect([10, 12, 13, 16, 0, 99].map(line => from(line, 'backward'))).toEqual([
			15, 12, 12, 15, 15, 15,
		]);
	});

	test('finds nothing where nothing is', () => {
		const options = {start: 5, count: 3, from: 6, direction: 'forward'} as const;
		expect(findRow(() => false, options)).toBeUndefined();
		expect(findRow(() => true, {...options, count: 0})).toBeUndefined();
	});
});
