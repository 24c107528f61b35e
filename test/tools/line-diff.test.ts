import {applyPatch, parsePatch, reversePatch} from 'diff';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {diffLines} from '../../source/tools/line-diff.ts';

describe('the diff of two texts', () => {
	const lines = fc
		.array(fc.constantFrom('a', 'b', '-c', '+d', '@@ -1 +1 @@', '', '\\ No newline at end of file'))
		.map(found => found.join('\n'));

	test('turns the one into the other, and counts what it shows', () => {
		fc.assert(
			fc.property(lines, lines, (before, after) => {
				const {size, hunks} = diffLines(before, after);
				const [patch] = parsePatch(hunks);
				if (!patch || hunks === '') {
					expect(before).toBe(after);
					expect(size).toBe('+0 −0');
					return;
				}

				expect(applyPatch(before, patch)).toBe(after);
				expect(applyPatch(after, reversePatch(patch))).toBe(before);
				const marks = patch.hunks.flatMap(hunk => hunk.lines.map(line => line.charAt(0)));
				const count = (mark: string) => marks.filter(found => found === mark).length;
				expect(size).toBe(`+${count('+')} −${count('-')}`);
			}),
		);
	});

	test('a text replaced by another differs as a whole, and in time', () => {
		const {size, hunks} = diffLines('a\n'.repeat(20_000), 'b\n'.repeat(10_000));
		expect(size).toBe('+10000 −20000');
		expect(hunks.startsWith('@@ -1,20000 +0,0 @@\n-a\n')).toBe(true);
		expect(hunks.match(/^\+b$/gm)).toHaveLength(10_000);
	});

	test('blank lines without end are compared in time', () => {
		const blank = '\n'.repeat(100_000);
		expect(diffLines(blank, `x\n${blank}y\n`).size).toBe('+2 −0');
	});
});
