import {counted} from '../../source/core/text.ts';
import {describe, expect, test} from 'vitest';
import {
	asciiRunGlyphs,
	asciiStatusGlyphs,
	duration,
	failureLine,
	runGlyphs,
	statusGlyphs,
	tokens,
} from '../../source/present/words.ts';

describe('numbers for people', () => {
	test.each([
		[0, '0.0 s'],
		[449, '0.4 s'],
		[9_900, '9.9 s'],
		[12_400, '12 s'],
		[59_499, '59 s'],
		[59_600, '1 min 00 s'],
		[185_000, '3 min 05 s'],
		[3_599_000, '59 min 59 s'],
		[3_600_000, '1 h 0 min'],
		[7_800_000, '2 h 10 min'],
	])('%i ms are %s', (ms, text) => {
		expect(duration(ms)).toBe(text);
	});

	test.each([
		[0, '0'],
		[999, '999'],
		[1_000, '1.0k'],
		[12_345, '12.3k'],
		[123_456, '123k'],
		[4_512_000, '4.5M'],
	])('%i tokens are %s', (count, text) => {
		expect(tokens(count)).toBe(text);
	});

	test('are counted in the right number', () => {
		expect([0, 1, 2].map(count => counted(count, 'file'))).toEqual([
			'0 files',
			'1 file',
			'2 files',
		]);
	});
});

test('each status has a glyph of its own, one column wide', () => {
	const glyphs = Object.values(statusGlyphs);
	expect(new Set(glyphs).size).toBe(glyphs.length);
	for (const glyph of glyphs) {
		expect(glyph).toHaveLength(1);
		expect(glyph).not.toMatch(/\p{Emoji_Presentation}/u);
	}
});

test('each status has a glyph of ASCII, for a run those of its subtasks where they mean the same', () => {
	const glyphs = Object.values(asciiStatusGlyphs);
	expect(new Set(glyphs).size).toBe(glyphs.length);
	for (const glyph of [...glyphs, ...Object.values(asciiRunGlyphs)]) {
		expect(glyph).toMatch(/^[!-~]$/);
	}

	for (const status of [
		'awaiting-approval',
		'running',
		'completed',
		'failed',
		'cancelled',
	] as const) {
		expect(runGlyphs[status]).toBe(statusGlyphs[status]);
		expect(asciiRunGlyphs[status]).toBe(asciiStatusGlyphs[status]);
	}
});

test('a failure is told with its kind and what to do about it', () => {
	expect(failureLine({kind: 'auth', message: 'no key', hint: 'set OPENAI_API_KEY'})).toBe(
		'no key [auth] → set OPENAI_API_KEY',
	);
	expect(failureLine({kind: 'stalled', message: 'silence'})).toBe('silence [stalled]');
});
