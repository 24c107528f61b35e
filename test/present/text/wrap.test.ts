import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {textWidth} from '../../../source/present/text/width.ts';
import {wrapText} from '../../../source/present/text/wrap.ts';

describe('wrapped text', () => {
	test.each<[string, string, number, readonly string[]]>([
		['keeps what fits as it is', 'one  two', 8, ['one  two']],
		['breaks at blanks', 'one two three', 8, ['one two', 'three']],
		['drops the blanks at a break', 'one two     three', 8, ['one two', 'three']],
		['splits at newlines', 'a\n\nb\n', 8, ['a', '', 'b', '']],
		['cuts what is wider than a row', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
		['begins a cut word where the row has room', 'on abcdefghij', 6, ['on abc', 'defghi', 'j']],
		['goes on behind a cut word', 'abcdefghij on', 6, ['abcdef', 'ghij', 'on']],
		['keeps the indentation of a line', '  - one two', 7, ['  - one', 'two']],
		['lets a word have its room before indentation', '      four', 6, ['  four']],
		['loses blanks at the end of a line', 'one   \n   ', 9, ['one', '']],
		['has tabs as four blanks', '\tx\ty', 12, ['    x    y']],
		['knows how wide characters are', '日本語 語語', 5, ['日本', '語', '語語']],
		['never halves a character', 'e\u0301e\u0301e\u0301', 2, ['e\u0301e\u0301', 'e\u0301']],
		['shows a character that is wider than a row alone', 'a日b', 1, ['a', '日', 'b']],
		['is one empty row for nothing', '', 8, ['']],
		['has at least one column', 'ab', 0, ['a', 'b']],
	])('%s', (_, text, width, rows) => {
		expect(wrapText(text, width)).toEqual(rows);
	});

	const pieces = fc.constantFrom(
		'a',
		'word',
		' ',
		'   ',
		'\n',
		'語',
		'e\u0301',
		'👍🏽',
		'x'.repeat(9),
	);

	test('loses nothing but blanks, and no row is wider than it may be', () => {
		fc.assert(
			fc.property(fc.array(pieces), fc.integer({min: 2, max: 12}), (parts, width) => {
				const text = parts.join('');
				const rows = wrapText(text, width);
				expect(withoutBlanks(rows.join(''))).toBe(withoutBlanks(text));
				for (const row of rows) {
					expect(textWidth(row)).toBeLessThanOrEqual(width);
				}
			}),
		);
	});

	test.each([
		['one word', 'x'.repeat(1_000_000), 12_500],
		['wide characters', '語'.repeat(300_000), 7_500],
		['short words', 'ab '.repeat(300_000), 11_112],
		['blanks', ' '.repeat(1_000_000), 1],
		['blanks before a word', `${' '.repeat(1_000_000)}x`, 1],
		['blanks between words', `x${' '.repeat(1_000_000)}x`, 2],
		['empty lines', '\n'.repeat(300_000), 300_001],
	])('takes a megabyte of %s', (_, text, rows) => {
		expect(wrapText(text, 80)).toHaveLength(rows);
	});
});

function withoutBlanks(text: string): string {
	return text.replaceAll(/[ \n]/g, '');
}
