import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {sanitizeText} from '../../../source/core/text.ts';
import {prefixOf, cutToWidth, textWidth} from '../../../source/present/text/width.ts';
import {hostileText} from '../log/hostile-text.ts';

const anyText = fc
	.oneof(
		hostileText,
		fc.string({unit: 'grapheme'}),
		fc
			.array(fc.constantFrom('a', '中', '◽', '👩‍👩‍👧', 'e\u0301', '▰', '…', '한', 'ア'), {
				maxLength: 30,
			})
			.map(pieces => pieces.join('')),
	)
	.map(sanitizeText);

describe('the width of a text', () => {
	test.each([
		['', 0],
		['plain', 5],
		['naïve “quotes” — ▰▱ ✓✗ ├─╮', 26],
		['使用说明', 8],
		['ab使用', 6],
		['ア한Ａ', 6],
		['✅ done', 7],
		['👩‍👩‍👧', 2],
		['e\u0301', 1],
		['◽◾', 4],
		['☎ 23', 4],
	])('of %j is %i columns', (text, columns) => {
		expect(textWidth(text)).toBe(columns);
	});

	test('is what the library that draws says, for every character that can be shown', () => {
		const characters = codePoints(
			[0x20, 0x3500],
			[0xa000, 0xac10],
			[0xd7a0, 0xd7ff],
			[0xf900, 0xffff],
		)
			.map(code => String.fromCodePoint(code))
			.filter(character => sanitizeText(character) === character);
		const differ = characters.filter(character => textWidth(character) !== stringWidth(character));
		expect(differ).toEqual([]);
	});

	test('is what the library that draws says, for every text', () => {
		fc.assert(
			fc.property(anyText, text => {
				expect(textWidth(text)).toBe(stringWidth(text));
			}),
			{numRuns: 300},
		);
	});
});

function codePoints(...ranges: readonly (readonly [number, number])[]): readonly number[] {
	return ranges.flatMap(([from, to]) =>
		Array.from({length: to - from}, (_, index) => from + index),
	);
}

describe('a text that is cut', () => {
	test.each([
		['abcdef', 6, 'abcdef'],
		['abcdef', 5, 'abcd…'],
		['abcdef', 1, '…'],
		['abcdef', 0, ''],
		['使用说明', 5, '使用…'],
		['使用说明', 4, '使…'],
		['ab👩‍👩‍👧cd', 4, 'ab…'],
		['\u31E6使\uD7A4ab', 5, '\u31E6使\uD7A4…'],
	])('%j in %i columns is %j', (text, width, cut) => {
		expect(cutToWidth(text, width)).toBe(cut);
	});

	test('is never wider than asked, says that it was cut, and halves no character', () => {
		fc.assert(
			fc.property(anyText, fc.integer({min: 0, max: 20}), (text, width) => {
				const cut = cutToWidth(text, width);
				expect(textWidth(cut)).toBeLessThanOrEqual(width);
				expect(cut.isWellFormed()).toBe(true);
				if (textWidth(text) <= width) {
					expect(cut).toBe(text);
				} else if (width > 0) {
					expect(cut.endsWith('…')).toBe(true);
					expect(graphemesOf(text)).toEqual(expect.arrayContaining(graphemesOf(cut.slice(0, -1))));
				}
			}),
			{numRuns: 300},
		);
	});

	test('begins as it began, with as much as fits', () => {
		fc.assert(
			fc.property(anyText, fc.integer({min: 0, max: 20}), (text, width) => {
				const beginning = prefixOf(text, width);
				const [next = ''] = graphemesOf(text.slice(beginning.length));
				expect(text.startsWith(beginning)).toBe(true);
				expect(textWidth(beginning)).toBeLessThanOrEqual(width);
				if (next !== '') {
					expect(textWidth(beginning) + textWidth(next)).toBeGreaterThan(width);
				}
			}),
			{numRuns: 300},
		);
	});
});

function graphemesOf(text: string): string[] {
	return [...new Intl.Segmenter().segment(text)].map(({segment}) => segment);
}
