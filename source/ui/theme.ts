import type {Row, Tone} from '../present/text/row.ts';

/** How tones look on this terminal, and which signs it can show. */
export type Theme = {
	/** A row as text with colours. `selected`: it is the one that keys act on. */
	paint(row: Row, options?: {readonly selected?: boolean}): string;
	/** Only signs that every encoding has. */
	readonly ascii: boolean;
	/** Signs of rules: of a pane, and of the one that has the focus. */
	readonly rule: string;
	readonly focusedRule: string;
	readonly cursor: string;
};

export type ThemeOptions = {
	readonly colors: boolean;
	readonly background: 'dark' | 'light';
	readonly ascii: boolean;
};

/** Select Graphic Rendition (ECMA-48 8.3.117): only the 16 colours that a person's own palette defines. */
const styles: Readonly<Record<Tone, string>> = {
	plain: '',
	quiet: '2',
	good: '32',
	bad: '31',
	warning: '33',
	heading: '1',
	accent: '36',
	added: '32',
	removed: '31',
	match: '7',
};

/** Yellow and cyan are hard to read on white. */
const onLight: Readonly<Record<Tone, string>> = {...styles, warning: '35', accent: '34'};

/** What is told without colours, by means that are none (NO_COLOR, https://no-color.org). */
const withoutColors: Readonly<Record<Tone, string>> = {
	...styles,
	good: '',
	bad: '1',
	warning: '1',
	accent: '',
	added: '',
	removed: '',
};

export function createTheme({colors, background, ascii}: ThemeOptions): Theme {
	const codes = colors ? (background === 'light' ? onLight : styles) : withoutColors;
	return {
		paint(row, {selected = false} = {}) {
			return row
				.map(({text, tone}) => {
					const code = selected ? '7' : codes[tone];
					const shown = ascii ? inAscii(text) : text;
					return code === '' ? shown : `\u001B[${code}m${shown}\u001B[0m`;
				})
				.join('');
		},
		ascii,
		rule: ascii ? '-' : '─',
		focusedRule: ascii ? '=' : '━',
		cursor: ascii ? '_' : '▏',
	};
}

/** Our own signs and their forms in ASCII, each in one column; the words of others stay as they are. */
const signs: readonly (readonly [string, string])[] = [
	['“”‖', '"'],
	['·–−─┄', '-'],
	['━', '='],
	['…◑', '~'],
	['×✗', 'x'],
	['→▸▹◐↳', '>'],
	['←◂◃⏎', '<'],
	['↑', '^'],
	['↓', 'v'],
	['✓◒├┤┼┬┴', '+'],
	['▰■', '#'],
	['▱', '.'],
	['▏', '_'],
	['│┊', '|'],
	['╯⊘', '/'],
	['╰╮', '\\'],
	['●⚙', '*'],
	['◆○', 'o'],
	['◌', '!'],
	['ℹ', 'i'],
];

const inAsciiBySign = new Map(signs.flatMap(([own, plain]) => [...own].map(sign => [sign, plain])));
const anySign = new RegExp(`[${[...inAsciiBySign.keys()].join('')}]`, 'g');

function inAscii(text: string): string {
	return text.replaceAll(anySign, sign => inAsciiBySign.get(sign) ?? sign);
}

/** The theme that an environment asks for. */
export function themeOf(environment: Readonly<Record<string, string | undefined>>): ThemeOptions {
	const {NO_COLOR: noColor = '', TERM: term = '', COLORFGBG: colors = ''} = environment;
	const wanted = environment['LLM_ORCHESTRATOR_BACKGROUND'];
	// `COLORFGBG` is `foreground;background` in numbers of the palette: 7 and 15 are white.
	const isLight = wanted === undefined ? /;(?:7|15)$/.test(colors) : wanted === 'light';
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	return {
		colors: noColor === '' && term !== 'dumb',
		background: isLight ? 'light' : 'dark',
		ascii: /^(?:C|POSIX)$/.test(locale) || (locale !== '' && /\.(?!utf-?8)/i.test(locale)),
	};
}
