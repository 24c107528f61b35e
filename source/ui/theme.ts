import type {Row, Tone} from '../present/text/row.ts';

/** The styles and characters of this terminal. */
export type Theme = {
	/** Styles a row as text. `selected`: keys act on it. */
	paint(row: Row, options?: {readonly selected?: boolean}): string;
	/** Whether to use ASCII only. */
	readonly ascii: boolean;
	/** Characters for the rule above a pane, and above the focused one. */
	readonly rule: string;
	readonly focusedRule: string;
	readonly cursor: string;
};

export type ThemeOptions = {
	readonly colors: boolean;
	readonly background: 'dark' | 'light';
	readonly ascii: boolean;
};

/** Select Graphic Rendition (ECMA-48 8.3.117): only the 16 colors of the user's palette. */
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
const onLightBackground: Readonly<Record<Tone, string>> = {...styles, warning: '35', accent: '34'};

/** Styles kept under NO_COLOR (https://no-color.org). */
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
	const codes = colors ? (background === 'light' ? onLightBackground : styles) : withoutColors;
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

/** Our own signs and their ASCII forms, one column each; foreign text is unchanged. */
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

/** The theme for an environment. */
export function themeOf(environment: Readonly<Record<string, string | undefined>>): ThemeOptions {
	const {NO_COLOR: noColor = '', TERM: term = '', COLORFGBG: colors = ''} = environment;
	const wanted = environment['LLM_ORCHESTRATOR_BACKGROUND'];
	// `COLORFGBG` is `foreground;background` as palette numbers: 7 and 15 are white.
	const isLight = wanted === undefined ? /;(?:7|15)$/.test(colors) : wanted === 'light';
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	return {
		colors: noColor === '' && term !== 'dumb',
		background: isLight ? 'light' : 'dark',
		ascii: /^(?:C|POSIX)$/.test(locale) || (locale !== '' && /\.(?!utf-?8)/i.test(locale)),
	};
}
