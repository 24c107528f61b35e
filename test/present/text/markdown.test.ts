import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	markdownRows,
	initialMarkdownState,
	type MarkdownState,
} from '../../../source/present/text/markdown.ts';
import {rowText, rowWidth} from '../../../source/present/text/row.ts';
import {plainText} from '../../../source/present/log/stream-sanitizer.ts';
import {hostileText} from '../log/hostile-text.ts';

describe('Markdown of the simple kind', () => {
	test.each<[string, string, readonly string[]]>([
		['bold words', 'a **b c** d', ['a {heading:b c} d']],
		['code', 'run `n **t**` now', ['run {accent:n **t**} now']],
		['code with quotes in it', '``a`b``', ['{accent:a`b}']],
		['code in bold words', '**use `x` here**', ['{heading:use }{accent:x}{heading: here}']],
		['links', 'see [docs](e.org).', ['see docs', '{quiet:(e.org)}.']],
		['headings', '## Plan **now**', ['{heading:Plan **now**}']],
		[
			'quotes',
			'> one two three four',
			['{quiet:> }{quiet:one two three}', '{quiet:> }{quiet:four}'],
		],
		['lists', '- one two three **four**', ['- one two three', '  {heading:four}']],
		['numbered lists', '  10. one two three', ['  10. one two', '      three']],
		['lists of tasks', '* [x] one two three', ['* [x] one two', '      three']],
	])('shows %s', (_, text, rows) => {
		expect(shown(text, 16)).toEqual(rows);
	});

	test.each([
		'2**3 and 4**5',
		'f(**a, **b) ** c ** d',
		'an `open quote, an **open bold, an [open link](',
		'[a] (b), a_b_c, *x*, #hash, 1) and -x',
		'    indented    with   blanks',
		'---',
		'| a | b |',
		'\\*\\*',
		'****',
		'',
	])('leaves plain text as it is: %j', text => {
		expect(shown(text, 60)).toEqual([text]);
	});

	test('keeps code as it is, beside a gutter', () => {
		expect(shown('  ```ts\n# **a**   `b`\n\tif (x) { return 1; }\n\n  ```\n**b**', 16)).toEqual([
			'{quiet:  ```ts}',
			'{quiet:│ }# **a**   `b`',
			'{quiet:│ }    if (x) { r',
			'{quiet:┊ }eturn 1; }',
			'{quiet:│ }',
			'{quiet:  ```}',
			'{heading:b}',
		]);
	});

	test('ends code with what opened it', () => {
		expect(shown('````\n```\n`````\n**b**', 20).at(-1)).toBe('{heading:b}');
		expect(shown('~~~\n```\n**b**', 20).at(-1)).toBe('{quiet:│ }**b**');
		expect(shown('```x``` **b**', 20)).toEqual(['{accent:x} {heading:b}']);
	});

	test('colors diffs in a fence', () => {
		expect(shown('```diff\n-a\n+b\n c\n```', 20)).toEqual([
			'{quiet:```diff}',
			'{quiet:│ }{removed:-a}',
			'{quiet:│ }{added:+b}',
			'{quiet:│ } c',
			'{quiet:```}',
		]);
	});

	test('colors diffs without a fence, and no list after them', () => {
		expect(shown('--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n+b\n+c\n- item\n+ more', 20)).toEqual([
			'{heading:--- a/x}',
			'{heading:+++ b/x}',
			'{accent:@@ -1 +1,2 @@}',
			'{removed:-a}',
			'{added:+b}',
			'{added:+c}',
			'- item',
			'+ more',
		]);
	});

	test('takes the rest of a line that is too long as plain, or as code in code', () => {
		const rest = {text: '# **a**', continued: true};
		expect(markdownRows(rest, initialMarkdownState, 20).rows.map(rowText)).toEqual(['# **a**']);
		const {state} = markdownRows({text: '```', continued: false}, initialMarkdownState, 20);
		expect(markdownRows({...rest, text: '```'}, state, 20)).toMatchObject({state});
	});

	test('never makes a row too wide, and loses no letter', () => {
		fc.assert(
			fc.property(hostileText, fc.integer({min: 12, max: 40}), (text, width) => {
				const clean = plainText(text).replaceAll('\r', '');
				const rows = rowsOf(clean, width);
				for (const row of rows) {
					expect(rowWidth(row)).toBeLessThanOrEqual(width);
				}
				const letters = (value: string) => value.replaceAll(/[^\p{L}\d]/gu, '');
				expect(letters(rows.map(rowText).join(''))).toBe(letters(clean));
			}),
			{numRuns: 500},
		);
	});

	test.each(['`', '``` ', '**', '** a', '[', '[a](', '[a](b', '- ', '> ', '#', ' '])(
		'reads a long line of %j to its end',
		piece => {
			const line = piece.repeat(4_096 / piece.length);
			expect(rowsOf(line, 80).length).toBeLessThan(200);
		},
	);
});

function rowsOf(text: string, width: number) {
	let state: MarkdownState = initialMarkdownState;
	return text.split('\n').flatMap(line => {
		const read = markdownRows({text: line, continued: false}, state, width);
		({state} = read);
		return read.rows;
	});
}

/** Rows with `{tone:…}` around what is not plain. */
function shown(text: string, width: number): readonly string[] {
	return rowsOf(text, width).map(row =>
		row
			.map(piece => (piece.tone === 'plain' ? piece.text : `{${piece.tone}:${piece.text}}`))
			.join(''),
	);
}
