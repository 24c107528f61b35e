import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {diffRows, containsDiff} from '../../source/present/diff-rows.ts';
import {rowText, rowWidth} from '../../source/present/text/row.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {hostileText} from './log/hostile-text.ts';

const diff = `diff --git a/src/a.sql b/src/a.sql
index 1234..abcd 100644
--- a/src/a.sql
+++ b/src/a.sql
@@ -1,4 +1,4 @@ create
 begin
--- an old remark
+++ b is no file
-\tx
+\ty

@@ -9 +9 @@
-last
\\ No newline at end of file
+LAST
`;

describe('a diff', () => {
	test('has a tone for each kind of line', () => {
		expect(shown(diff, 60)).toEqual([
			'heading|diff --git a/src/a.sql b/src/a.sql',
			'quiet|index 1234..abcd 100644',
			'heading|--- a/src/a.sql',
			'heading|+++ b/src/a.sql',
			'accent|@@ -1,4 +1,4 @@ create',
			'plain| begin',
			'removed|--- an old remark',
			'added|+++ b is no file',
			'removed|-    x',
			'added|+    y',
			'plain|',
			'accent|@@ -9 +9 @@',
			'removed|-last',
			'quiet|\\ No newline at end of file',
			'added|+LAST',
		]);
	});

	test('is read on where the counts of a hunk are wrong', () => {
		expect(shown('@@ -1,9 +1 @@\n-a\n+b\n+c\ndiff --git a/b b/b\n--- a/b\n+++ b/b\n', 60)).toEqual([
			'accent|@@ -1,9 +1 @@',
			'removed|-a',
			'added|+b',
			'added|+c',
			'heading|diff --git a/b b/b',
			'heading|--- a/b',
			'heading|+++ b/b',
		]);
	});

	test('is wrapped, never cut, and what goes on cannot be taken for a line', () => {
		expect(shown('+one two-three', 8)).toEqual(['added|+one tw', 'quiet|┊added|o-three']);
		expect(shown(`+${'語'.repeat(5)}`, 8)).toEqual(['added|+語語語', 'quiet|┊added|語語']);
	});

	test('takes 8 columns where it has less', () => {
		expect(shown('+234567890', 1)).toEqual(shown('+234567890', 8));
	});

	test('shows what hides in it', () => {
		expect(shown('+a\u202Eb\r', 60)).toEqual(['added|+a\\u{202e}b\\x0d']);
		expect(shown('+x\uFE0F y\u200Dz', 60)).toEqual(['added|+x\\u{fe0f} y\\u{200d}z']);
		expect(shown('+⚠\uFE0F 1\uFE0F\u20E3', 60)).toEqual(['added|+⚠ 1\u20E3']);
	});

	test('is nothing for nothing', () => {
		expect(diffRows('', 20)).toEqual([]);
	});

	test('may have very many and very long lines', () => {
		const long = `+${'x'.repeat(1_000_000)}`;
		expect(diffRows(long, 101).length).toBe(10_001);
		expect(diffRows('+a line of it\n'.repeat(10_000), 80).length).toBe(10_000);
	});

	test('is all there whatever it holds, in rows that fit, and nothing in it acts on a terminal', () => {
		fc.assert(
			fc.property(hostileText, fc.integer({min: 8, max: 40}), (text, width) => {
				const rows = diffRows(`+${text}${poison}`, width);
				for (const row of rows) {
					expect(rowWidth(row)).toBeLessThanOrEqual(width);
					expect(rowText(row)).not.toMatch(unprintable);
					expect(rowText(row)).not.toContain('\t');
				}

				const letters = (value: string) => value.replaceAll(/[^a-z]/g, '');
				const all = letters(rows.map(rowText).join(''));
				for (const word of text.match(/word/g) ?? []) {
					expect(all).toContain(word);
				}
				expect(letters(text).length).toBeLessThanOrEqual(all.length);
			}),
		);
	});

	test('is seen in a text that holds one', () => {
		expect(containsDiff(`exit code 0\n${diff}`)).toBe(true);
		expect(containsDiff('- a list\n+ and more\n--- a rule\n')).toBe(false);
	});
});

/** Rows as `tone|text` of their spans. */
function shown(text: string, width: number): readonly string[] {
	return diffRows(text, width).map(row => row.map(piece => `${piece.tone}|${piece.text}`).join(''));
}
