import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	createLineReader,
	readLines,
	type SourceLine,
} from '../../../source/present/log/source-line.ts';
import {cutAnywhere, hostileText} from './hostile-text.ts';

describe('lines that come in pieces', () => {
	test('are complete with their end, whichever it is', () => {
		expect(read(['on', 'e\ntw', 'o\r', '\n\nopen'])).toEqual({
			lines: ['one', 'two', ''],
			open: 'open',
		});
	});

	test('begin anew after a return, as a terminal shows them', () => {
		expect(read(['10 %\r20 %\r', '100 %'])).toEqual({lines: [], open: '100 %'});
		expect(read(['10 %\r'])).toEqual({lines: [], open: '10 %'});
		expect(read(['10 %\r\r\nnext'])).toEqual({lines: ['10 %'], open: 'next'});
	});

	test('end when the text ends, if there is something in them', () => {
		expect(readLines('a\nb')).toEqual(['a', 'b']);
		expect(readLines('a\n\n')).toEqual(['a', '']);
		expect(readLines('')).toEqual([]);
		expect(readLines('x'.repeat(10_000))).toEqual(['x'.repeat(10_000)]);
	});

	test('are given away in pieces when they are too long, at a blank if one is near', () => {
		expect(pieces('aaaa bbbbcccc dd', 10)).toEqual(['aaaa bbbbc', '+ccc dd']);
		expect(pieces('aaaa bbb ccccc', 10)).toEqual(['aaaa bbb ', '+ccccc']);
		expect(pieces('x'.repeat(25), 10)).toEqual(['x'.repeat(10), `+${'x'.repeat(10)}`, '+xxxxx']);
	});

	test('are not cut through a character', () => {
		expect(pieces('xxxxxxxxx😀y', 10)).toEqual(['xxxxxxxxx', '+😀y']);
		expect(pieces('xxxxxxxxxe\u0301\u0301', 10)).toEqual(['xxxxxxxxx', '+e\u0301\u0301']);
	});

	test('are new lines after a piece and a return', () => {
		expect(pieces(`${'x'.repeat(12)}\rnew`, 10)).toEqual(['x'.repeat(10), 'new']);
	});

	test('are the same wherever the text was cut, even through a character', () => {
		const halves = ['xxxxxxxxx\uD834\uDD65\uD834', '\uDD6Ey'];
		expect(pieces(halves, 11)).toEqual(pieces(halves.join(''), 11));
		fc.assert(
			fc.property(cutAnywhere(hostileText), fc.integer({min: 8, max: 40}), (parts, limit) => {
				expect(pieces(parts, limit)).toEqual(pieces(parts.join(''), limit));
			}),
			{numRuns: 500},
		);
	});
});

function read(parts: readonly string[]): {lines: readonly string[]; open: string} {
	const lines: string[] = [];
	const reader = createLineReader(({text}) => lines.push(text));
	for (const part of parts) {
		reader.push(part);
	}
	return {lines, open: reader.open().text};
}

/** What comes of a text, `+` before what goes on with the line before. */
function pieces(parts: string | readonly string[], limit: number): readonly string[] {
	const lines: SourceLine[] = [];
	const reader = createLineReader(line => lines.push(line), limit);
	for (const part of [parts].flat()) {
		reader.push(part);
	}
	reader.end();
	return lines.map(({text, continued}) => `${continued ? '+' : ''}${text}`);
}
