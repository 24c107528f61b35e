import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	cutMiddle,
	revealHidden,
	sanitizeLine,
	sanitizeText,
	shorten,
} from '../../source/core/text.ts';

/** Written by hand from ECMA-48 and UAX #9, not from the pattern that is tested. */
const dangerous =
	/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E0FFF}]/u;

const hostilePiece = fc.oneof(
	fc.constantFrom(
		'\u001B[31m',
		'\u001B[2J',
		'\u001B]0;title\u0007',
		'\u001B]8;;https://evil.example\u001B\\link\u001B]8;;\u001B\\',
		'\u001BP+q544e\u001B\\',
		'\u001B]52;c;ZWNobw==',
		'\u001BX',
		'\u001B',
		'\u001B\u001B',
		'\u009B31m',
		'\u009D0;x\u009C',
		'\u0090',
		'\u009C',
		'\u001Bc',
		'\u001B(0',
		'\u202E',
		'\u2066',
		'\u200B',
		'\u200D',
		'\uFEFF',
		'\u{E0041}',
		'\uD83D',
		'\uDE00',
		'\r',
		'\r\n',
		'\n',
		'\t',
		'[',
		']',
		'\\',
		'm',
	),
	fc.string({unit: 'binary', maxLength: 4}),
	fc.string({unit: 'grapheme', maxLength: 4}),
);
const hostile = fc.array(hostilePiece, {maxLength: 20}).map(pieces => pieces.join(''));

const ordinary = [
	'plain ASCII with (brackets) [and] {more} \\ ~ `code`',
	'tab\there\nand a second line',
	'Größe, naïve, Ελληνικά, Русский, עברית, العربية',
	'日本語のテキスト、中文，한국어',
	'e\u0301 a\u0308\u0323 ก็ नमस्ते',
	'👍 😀 🎉',
	'👨‍👩‍👧‍👦 family, 🧑‍🤝‍🧑 couple',
	'👩🏽‍🚀 astronaut, 👍🏿 thumb, 🧔🏻‍♂️ beard, 🫱🏻‍🫲🏿 hands',
	'❤️‍🔥 🏳️‍🌈 👁️‍🗨️ ☺︎ 1️⃣ ©️',
	'🇩🇪 🇯🇵',
	'𝒳 𠮷 \u{10FFFD}',
];

describe('text of others on a terminal', () => {
	test('holds nothing that a terminal would act on and nothing that is hidden', () => {
		fc.assert(
			fc.property(hostile, text => {
				const shown = sanitizeText(text);
				expect(shown).not.toMatch(dangerous);
				expect(shown.isWellFormed()).toBe(true);
			}),
			{numRuns: 1_000},
		);
	});

	test('stays as it is when it is sanitized again', () => {
		fc.assert(
			fc.property(hostile, text => {
				const once = sanitizeText(text);
				expect(sanitizeText(once)).toBe(once);
			}),
			{numRuns: 1_000},
		);
	});

	test.each(ordinary)('is unchanged when it is ordinary: %s', text => {
		expect(sanitizeText(text)).toBe(text);
		expect(revealHidden(text)).toBe(text);
	});

	test('is unchanged for any mix of letters, ideographs, accents and pictures', () => {
		const character = fc.constantFrom(...ordinary.flatMap(text => [...segments(text)]));
		fc.assert(
			fc.property(fc.array(character), characters => {
				const text = characters.join('');
				expect(sanitizeText(text)).toBe(text);
			}),
		);
	});

	test.each([
		['colours', '\u001B[1;31mred\u001B[0m', 'red'],
		['8-bit colours', '\u009B31mred\u009Bm', 'red'],
		['a window title', 'a\u001B]0;owned\u0007b', 'ab'],
		['a title that ends by ST', 'a\u001B]0;owned\u001B\\b', 'ab'],
		['a hyperlink, not its text', '\u001B]8;;http://x\u001B\\text\u001B]8;;\u001B\\', 'text'],
		['a clipboard write', '\u001B]52;c;cm0gLXJm\u0007ok', 'ok'],
		['a device control string', 'a\u001BPq#0;2;0\nmore\u001B\\b', 'ab'],
		['a full reset', '\u001Bcx', 'x'],
		['a character set', '\u001B(0x', 'x'],
		['backspaces', 'rm\b\bls', 'rmls'],
		['a carriage return that overwrites', 'safe\revil', 'safeevil'],
		['Windows line ends, but for the line', 'a\r\nb', 'a\nb'],
		['text that runs backwards', 'abc\u202Efdp.exe', 'abcfdp.exe'],
		['zero-width characters', 'pass\u200Bword\uFEFF', 'password'],
		['a joiner that joins no pictures', 'a\u200Db', 'ab'],
		['letters that nobody sees', `x${String.fromCodePoint(0xe0041, 0xe0042)}y`, 'xy'],
		['blank letters', 'a\u3164b\u115Fc\uFFA0d\u00ADe\u034Ff\u180Eg', 'abcdefg'],
		['halves of characters', 'a\uD83Db\uDE00c', 'abc'],
	])('loses %s', (_, text, shown) => {
		expect(sanitizeText(text)).toBe(shown);
	});

	test.each(['\u001B]0;title', '\u009D0;title', '\u001BPdevice', '\u001B^private', '\u001B_app'])(
		'loses a sequence without an end (%j) up to the end of its line only',
		opening => {
			expect(sanitizeText(`before ${opening}\nafter`)).toBe('before \nafter');
			expect(sanitizeText(`before ${opening}`)).toBe('before ');
		},
	);

	test('loses a sequence that stops in the middle', () => {
		for (const end of ['\u001B', '\u001B[', '\u001B[1;3', '\u009B', '\u001B]', '\u001B(']) {
			expect(sanitizeText(`text${end}`)).toBe('text');
		}
	});

	test('is read to its end, however long it is and whatever it holds', () => {
		const worst = [
			'\u001B]',
			'\u009D',
			'\u001B]x\n',
			'\u009Dx\n',
			'\u001B[',
			'\u001B ',
			'👍\u200D',
		];
		for (const piece of worst) {
			expect(sanitizeText(`${piece.repeat(200_000)}\nend`)).toMatch(/end$/);
		}
	});

	test('fits on one line when it has to', () => {
		expect(sanitizeLine(' a\n\n\tb\r\nc \u001B[2J\n')).toBe('a b c');
		fc.assert(
			fc.property(hostile, text => {
				expect(sanitizeLine(text)).not.toMatch(/[\n\r\t\v\f\u0085\u2028\u2029]/);
			}),
		);
	});
});

describe('text that a person has to judge', () => {
	test.each([
		['an escape', 'a\u001B[2Kb', 'a\\x1b[2Kb'],
		['a carriage return', 'rm -rf x\rls', 'rm -rf x\\x0dls'],
		['an 8-bit control', '\u009B2K', '\\x9b2K'],
		['text that runs backwards', 'a\u202Eb', 'a\\u{202e}b'],
		['zero width', 'a\u200Bb', 'a\\u{200b}b'],
		['a letter that nobody sees', '\u{E0041}', '\\u{e0041}'],
		['a blank letter', 'a\u3164=1', 'a\\u{3164}=1'],
		['half a character', '\uD83D!', '\\u{d83d}!'],
	])('shows %s', (_, text, shown) => {
		expect(revealHidden(text)).toBe(shown);
	});

	test('keeps everything that can be seen, in its order, and shows all the rest', () => {
		fc.assert(
			fc.property(hostile, text => {
				const shown = revealHidden(text);
				expect(shown).not.toMatch(dangerous);
				const hidden = /\\x([0-9a-f]{2})|\\u\{([0-9a-f]{4,6})\}/g;
				fc.pre(!hidden.test(text));
				const back = shown.replaceAll(hidden, (_match, byte?: string, point?: string) =>
					String.fromCodePoint(Number.parseInt(byte ?? point ?? '', 16)),
				);
				expect(back).toBe(text);
			}),
			{numRuns: 1_000},
		);
	});
});

describe('shortened text', () => {
	const text = fc.string({unit: 'grapheme', maxLength: 40});

	test('is at most as long as asked and never ends in half a character', () => {
		fc.assert(
			fc.property(text, fc.integer({min: 1, max: 50}), (whole, length) => {
				const short = shorten(whole, length);
				expect(short.length).toBeLessThanOrEqual(length);
				expect(short.isWellFormed()).toBe(true);
				if (whole.length <= length) {
					expect(short).toBe(whole);
				} else {
					expect(short.endsWith('…')).toBe(true);
					expect(whole.startsWith(short.slice(0, -1))).toBe(true);
					expect(short.length).toBeGreaterThanOrEqual(length - 1);
				}
			}),
		);
		expect(shorten('ab😀', 4)).toBe('ab😀');
		expect(shorten('ab😀c', 4)).toBe('ab…');
	});

	test('without its middle begins and ends as before, says how much is missing, and halves nothing', () => {
		fc.assert(
			fc.property(text, fc.integer({min: 0, max: 30}), (whole, length) => {
				const cut = cutMiddle(whole, length);
				expect(cut.isWellFormed()).toBe(true);
				if (whole.length <= length) {
					expect(cut).toBe(whole);
					return;
				}

				const [, head, missing, tail] =
					/^([^]*)\n… (\d+) characters left out …\n([^]*)$/.exec(cut) ?? [];
				expect(head).toBeDefined();
				expect(whole.startsWith(head ?? '?')).toBe(true);
				expect(whole.endsWith(tail ?? '?')).toBe(true);
				expect((head + (tail ?? '')).length).toBeLessThanOrEqual(length);
				expect((head + (tail ?? '')).length + Number(missing)).toBe(whole.length);
			}),
		);
	});
});

function segments(text: string): readonly string[] {
	return [...new Intl.Segmenter().segment(text)].map(({segment}) => segment);
}
