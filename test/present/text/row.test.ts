import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sanitizeLine} from '../../../source/core/text.ts';
import {
	fitRow,
	rowText,
	rowWidth,
	span,
	spread,
	type Row,
} from '../../../source/present/text/row.ts';
import {hostileText} from '../log/hostile-text.ts';

const piece = fc
	.tuple(
		fc.oneof(
			hostileText.map(sanitizeLine),
			fc.constantFrom('', 'a', '中', '中文', '👩‍👩‍👧', '…', '   '),
		),
		fc.constantFrom('plain', 'bad', 'good'),
	)
	.map(([text, tone]) => span(text, tone));
const row = fc.array(piece, {maxLength: 5});

describe('a row that is fit into a width', () => {
	test.each<readonly [Row, number, string]>([
		[[span('abc')], 5, 'abc  '],
		[[span('abc'), span('def')], 6, 'abcdef'],
		[[span('abc'), span('def')], 5, 'abcd…'],
		[[span('abc'), span('def')], 4, 'abc…'],
		[[span('abc'), span('def')], 3, 'ab…'],
		[[span('ab'), span('中')], 3, 'ab…'],
		[[span('使用说明')], 4, '使… '],
		[[span('abc')], 0, ''],
		[[span('abc')], -3, ''],
		[[], 3, '   '],
	])('%j in %i columns', (row, width, text) => {
		expect(rowText(fitRow(row, width))).toBe(text);
	});

	test('has exactly that width, keeps its tones, and is cut only where it is too long', () => {
		fc.assert(
			fc.property(row, fc.integer({min: 0, max: 40}), (row, width) => {
				const fit = fitRow(row, width);
				expect(rowWidth(fit)).toBe(width);
				if (rowWidth(row) <= width) {
					expect(fit.slice(0, row.length)).toEqual(row);
					expect(rowText(fit).slice(rowText(row).length).trim()).toBe('');
				} else if (width > 0) {
					expect(rowText(fit).trimEnd()).toMatch(/…$/);
				}

				for (const [index, {tone}] of fit.slice(0, -1).entries()) {
					expect(tone).toBe(row[index]?.tone);
				}
			}),
			{numRuns: 300},
		);
	});
});

describe('a row of a left and a right part', () => {
	test('cuts the left part, never the right one', () => {
		expect(rowText(spread([span('a long task')], [span('1/3')], 10))).toBe('a lon… 1/3');
		expect(rowText(spread([span('task')], [span('1/3')], 10))).toBe('task   1/3');
	});

	test('leaves the right part out where nothing else would be left', () => {
		expect(rowText(spread([span('task')], [span('12345')], 6))).toBe('task  ');
		expect(rowText(spread([span('task')], [span('12345')], 7))).toBe('… 12345');
	});

	test('has exactly its width', () => {
		fc.assert(
			fc.property(row, row, fc.integer({min: 0, max: 60}), (left, right, width) => {
				expect(rowWidth(spread(left, right, width))).toBe(width);
			}),
			{numRuns: 300},
		);
	});
});
