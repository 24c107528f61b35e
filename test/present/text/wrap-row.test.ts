import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {rowText, rowWidth, span} from '../../../source/present/text/row.ts';
import {plainText} from '../../../source/present/log/stream-sanitizer.ts';
import {cutLine, hangRow, withoutTabs, wrapRow} from '../../../source/present/text/wrap-row.ts';
import {wrapText} from '../../../source/present/text/wrap.ts';
import {hostileText} from '../log/hostile-text.ts';

const oneLine = hostileText.map(text => withoutTabs(plainText(text)).replaceAll(/[\n\r]/g, ''));

describe('a wrapped row', () => {
	test('keeps its tones', () => {
		const row = [span('one two'), span(' three', 'accent'), span('four', 'bad')];
		expect(wrapRow(row, 9)).toEqual([
			[span('one two')],
			[span('three', 'accent'), span('four', 'bad')],
		]);
		expect(wrapRow(row, 40)).toEqual([row]);
	});

	test('keeps its indentation', () => {
		expect(wrapRow([span('  aa', 'good'), span(' bb', 'bad')], 5)).toEqual([
			[span('  '), span('aa', 'good')],
			[span('bb', 'bad')],
		]);
	});

	test('is wrapped like its text, wherever its tones change', () => {
		fc.assert(
			fc.property(
				fc.array(oneLine, {minLength: 1}),
				fc.integer({min: 8, max: 60}),
				(texts, width) => {
					const row = texts.map((text, index) => span(text, index % 2 === 0 ? 'plain' : 'good'));
					const rows = wrapRow(row, width);
					const whole = rowText(row);
					expect(rows.map(rowText)).toEqual(
						rowWidth([span(whole)]) <= width ? [whole] : wrapText(whole, width),
					);
				},
			),
		);
	});

	test('hangs beside its mark', () => {
		const marks = {first: [span('- ')], rest: [span('  ')]};
		expect(hangRow(marks, [span('one two three')], 9).map(rowText)).toEqual([
			'- one two',
			'  three',
		]);
	});
});

describe('a cut line', () => {
	test('has all of its blanks', () => {
		expect(cutLine('a    b', 3)).toEqual(['a  ', '  b']);
		expect(cutLine('語語x', 3)).toEqual(['語', '語x']);
		expect(cutLine('', 3)).toEqual(['']);
		expect(cutLine('a👍🏽b', 2)).toEqual(['a', '👍🏽', 'b']);
	});

	test('halves a character that is wider than a piece', () => {
		expect(cutLine('\u{1D158}\u{1D165}\u{1D16E}', 2)).toEqual(['\u{1D158}\u{1D165}', '\u{1D16E}']);
	});

	test('is all there, in pieces that fit', () => {
		fc.assert(
			fc.property(oneLine, fc.integer({min: 2, max: 30}), (line, width) => {
				const pieces = cutLine(line, width);
				expect(pieces.join('')).toBe(line);
				for (const piece of pieces) {
					expect(rowWidth([span(piece)])).toBeLessThanOrEqual(width);
				}
			}),
		);
	});
});
