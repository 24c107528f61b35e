import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createRepeatDetector} from '../../source/core/repeat-detector.ts';

/** How many characters were heard before it fired; `undefined` when it never did. */
function firesAfter(text: string, size = 7): number | undefined {
	const {push} = createRepeatDetector();
	for (let at = 0; at < text.length; at += size) {
		if (push(text.slice(at, at + size)) !== undefined) {
			return at + size;
		}
	}

	return undefined;
}

const sentence = 'Wait, I should read the file src/parse.ts again to be sure. ';
const paragraph = Array.from({length: 40}, (_, n) => `Point ${n}: look, think, write.\n`).join('');
const beginning = Array.from({length: 60}, (_, n) => `Thought ${n} is another one. `).join('');

describe('a model that says the same without end', () => {
	test.each<[what: string, block: string]>([
		['a sentence', sentence],
		['a paragraph', `${sentence}Then I will see.\n\nAnd ${sentence}`.repeat(2)],
		[
			'a long paragraph',
			Array.from({length: 30}, (_, n) => `Point ${n}: look, think, write.\n`).join(''),
		],
		['a line', 'Let me look.\n'],
		['a line and empty ones', 'Let me look again.\n\n\n'],
		['a word', 'no '],
		['a character', '!'],
		['line breaks', '\n'],
		['zeros', '0, '],
	])('is found: %s', (_, block) => {
		for (const before of ['', beginning]) {
			for (const size of [1, 7, 4_000]) {
				const text = before + block.repeat(Math.ceil(20_000 / block.length));
				const after = firesAfter(text, size) ?? Infinity;
				const limit = Math.max(10 * block.length, 3_000);
				expect(after).toBeLessThanOrEqual(before.length + limit + 2_048 + size);
			}
		}
	});

	test('is found by one line long before its block is, empty lines or not', () => {
		for (const line of ['Let me look.\n', 'Let me look.\n\n\n', '\tLet me look.  \r\n']) {
			expect(firesAfter(line.repeat(100))).toBeLessThanOrEqual(40 * line.length + 7);
		}
	});

	test('is told what it repeats', () => {
		const {push} = createRepeatDetector();
		expect(push(sentence.repeat(40))).toMatch(/^\S.* again .*$/);
	});
});

describe('text that only looks alike', () => {
	const many = (count: number, line: (n: number) => string) =>
		Array.from({length: count}, (_, n) => line(n)).join('\n');

	test.each<[what: string, text: string]>([
		[
			'a table',
			many(2_000, n => `| row ${n} | yes | no | the same text in every row of the table |`),
		],
		['a log', many(2_000, n => `2026-11-22T10:00:00.${n} INFO the server has answered with 200`)],
		[
			'code',
			many(1_000, n => `\texpect(parse('line ${n}')).toEqual({kind: 'empty', value: undefined});`),
		],
		['a list of equal numbers', JSON.stringify(Array.from({length: 1_000}, () => 0))],
		[
			'the same over lines',
			JSON.stringify(
				Array.from({length: 300}, () => null),
				undefined,
				2,
			),
		],
		['a rule', `# Title\n${'='.repeat(200)}\n${'-'.repeat(200)}`],
		['nine equal paragraphs', `${paragraph.slice(0, 1_024).repeat(9)}${beginning}`],
		['thirty equal lines', `${'run(task);\n'.repeat(30)}done();`],
		['equal short lines', '\t}\n'.repeat(100)],
		['a sentence that comes back', many(300, n => `${sentence}Now I know ${n} things.`)],
		[
			'numbered thoughts',
			many(500, n => `${n}. Wait, I should read the file again to be sure that it is right.`),
		],
	])('is none: %s', (_, text) => {
		for (const size of [1, 100, 5_000]) {
			expect(firesAfter(text, size)).toBeUndefined();
		}
	});

	test('is none, when it is what people write', () => {
		fc.assert(
			fc.property(fc.lorem({maxCount: 500, mode: 'sentences'}), text => {
				expect(firesAfter(text)).toBeUndefined();
			}),
		);
	});
});

test.each<[string, (n: number) => string]>([
	['all different', n => String.fromCodePoint(97 + ((Math.imul(n, n + 7_919) >>> 11) % 26))],
	['nearly repeated', n => (n % 2_999 === 0 ? 'b' : 'a')],
	[
		'blocks that nearly repeat',
		n => (n % 700 === 0 ? String((n / 700) % 10) : n % 2 === 0 ? 'a' : 'b'),
	],
])('hears a megabyte in linear time: %s', (_, character) => {
	const text = Array.from({length: 1_000_000}, (_, n) => character(n)).join('');
	expect(firesAfter(text, 4)).toBeUndefined();
});
