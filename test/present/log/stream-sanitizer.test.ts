import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sanitizeText} from '../../../source/core/text.ts';
import {
	createStreamSanitizer,
	plainLine,
	plainText,
} from '../../../source/present/log/stream-sanitizer.ts';
import {poison, unprintable} from '../../core/hostile.ts';
import {cutAnywhere, hostileText} from './hostile-text.ts';

describe('live text', () => {
	test.each([
		['colors', 'a\u001B[1;31mred\u001B[0mb', 'aredb'],
		['a window title', 'a\u001B]0;owned\u0007b', 'ab'],
		['a clipboard write', 'a\u001B]52;c;cm0gLXJm\u001B\\b', 'ab'],
		['a link, not its text', '\u001B]8;;http://x\u0007text\u001B]8;;\u0007', 'text'],
		['cursor moves of both forms', 'a\u001B[2Ab\u009B3Bc', 'abc'],
		['8-bit strings', 'a\u009D0;x\u009Cb\u0090q\u009Cc', 'abc'],
		['a character set and a reset', 'a\u001B(0b\u001Bcc', 'abc'],
		['text that runs backwards', 'abc\u202Efdp.exe', 'abcfdp.exe'],
		['what nobody sees', 'pass\u200Bword\uFEFF\u3164\u{E0041}', 'password'],
		['joiners and selectors', '⚠\uFE0F 👩\u200D💻', '⚠ 👩💻'],
		['halves of characters', 'a\uD83Db\uDE00c', 'abc'],
		['backspaces and bells', 'rm\b\b\u0007ls', 'rmls'],
	])('loses %s, wherever it is cut', (_, text, shown) => {
		expect(plainText(text)).toBe(shown);
		for (let place = 0; place <= text.length; place++) {
			expect(pushed([text.slice(0, place), text.slice(place)])).toBe(shown);
		}

		expect(pushed(text.split(''))).toBe(shown);
	});

	test('keeps what is ordinary, line ends and tabs too', () => {
		const text = 'Größe\t日本語 [x] \\ ~\r\nनमस्ते 🎉 e\u0301\r';
		expect(pushed(text.split(''))).toBe(text);
	});

	test('loses no more than its line to a sequence without an end', () => {
		for (const opening of ['\u001B]0;', '\u001BP', '\u009D', '\u001B_']) {
			expect(pushed([`a${opening}x`, 'y\nb'])).toBe('a\nb');
		}

		expect(pushed(['a\u001B', '[1;3'])).toBe('a');
		expect(plainText(`\u001B]${'x'.repeat(1_000_000)}\nafter`)).toBe('\nafter');
	});

	test('does not carry what is open from one text into the next', () => {
		for (const open of ['\u001B]0;', '\u001B[', '\uD83D']) {
			const sanitizer = createStreamSanitizer();
			sanitizer.push(open);
			sanitizer.reset();
			expect(sanitizer.push('m \uDE00')).toBe('m ');
		}
	});

	test('shows the same however it is cut, and nothing that a terminal acts on', () => {
		fc.assert(
			fc.property(cutAnywhere(hostileText), pieces => {
				const shown = pushed(pieces);
				expect(shown).toBe(plainText(pieces.join('')));
				expect(shown.replaceAll('\r', '')).not.toMatch(unprintable);
			}),
			{numRuns: 1_000},
		);
	});

	test('is what whole text is sanitized to, once it has nothing hidden in it, line by line', () => {
		const hidden = /\p{Default_Ignorable_Code_Point}|[\u2028\u2029\uFFF9-\uFFFB]|\p{Surrogate}/gu;
		const line = hostileText.map(text => text.replaceAll(/[\r\n]/g, ''));
		fc.assert(
			fc.property(line, text => {
				expect(plainText(text)).toBe(sanitizeText(text.replaceAll(hidden, '')));
			}),
			{numRuns: 1_000},
		);
	});

	test('fits on one line when it has to', () => {
		expect(plainLine(` a\n\n\tb\r\nc${poison}\n`)).toBe('a b c');
	});
});

function pushed(pieces: readonly string[]): string {
	const sanitizer = createStreamSanitizer();
	return pieces.map(piece => sanitizer.push(piece)).join('');
}
