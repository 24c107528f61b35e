import {describe, expect, test} from 'vitest';
import {span} from '../../source/present/text/row.ts';
import {createTheme, themeOf, type ThemeOptions} from '../../source/ui/theme.ts';

const plain: ThemeOptions = {colors: true, background: 'dark', ascii: false};
const color = /\u001B\[[\d;]*3\d[\d;]*m/;

function painted(
	options: Partial<ThemeOptions>,
	tone: Parameters<typeof span>[1],
	selected = false,
) {
	return createTheme({...plain, ...options}).paint([span('x', tone)], {selected});
}

describe('a theme', () => {
	test('paints each piece for itself and leaves plain text as it is', () => {
		const theme = createTheme(plain);
		expect(theme.paint([span('a '), span('b', 'good'), span('c', 'bad')])).toBe(
			'a \u001B[32mb\u001B[0m\u001B[31mc\u001B[0m',
		);
		expect(theme.paint([])).toBe('');
	});

	test('shows the selected row in reverse, whatever its pieces are', () => {
		expect(painted({}, 'plain', true)).toBe('\u001B[7mx\u001B[0m');
		expect(painted({}, 'good', true)).toBe('\u001B[7mx\u001B[0m');
	});

	const tones = [
		'good',
		'bad',
		'warning',
		'heading',
		'accent',
		'quiet',
		'added',
		'removed',
		'match',
	] as const;

	test.each(tones)('without colors has none, selected or not: %s', tone => {
		expect(painted({colors: false}, tone)).not.toMatch(color);
		expect(painted({colors: false}, tone, true)).not.toMatch(color);
	});

	test('without colors still tells what is bad and what is selected', () => {
		expect(painted({colors: false}, 'bad')).toBe('\u001B[1mx\u001B[0m');
		expect(painted({colors: false}, 'plain', true)).toBe('\u001B[7mx\u001B[0m');
	});

	test('takes no yellow and no cyan on a light background', () => {
		for (const tone of tones) {
			expect(painted({background: 'light'}, tone)).not.toMatch(/\[(?:33|36)m/);
		}
	});

	test('shows its own signs in ASCII where there is nothing else, in as many columns', () => {
		const theme = createTheme({...plain, colors: false, ascii: true});
		const signs = '“a” · b – c … → ↑↓ ×2 ✓ ✗ ▰▱ ▏ − ‖';
		const shown = theme.paint([span(signs)]);
		expect(shown).toMatch(/^[\u0020-\u007E]*$/);
		expect(shown).toHaveLength([...signs].length);
		expect(theme.rule + theme.focusedRule + theme.cursor).toMatch(/^[\u0020-\u007E]{3}$/);
		expect(theme.paint([span('使用')])).toBe('使用');
	});
});

describe('the theme that an environment asks for', () => {
	test.each<readonly [Readonly<Record<string, string>>, Partial<ThemeOptions>]>([
		[{}, {colors: true, background: 'dark', ascii: false}],
		[{NO_COLOR: '1'}, {colors: false}],
		[{NO_COLOR: ''}, {colors: true}],
		[{TERM: 'dumb'}, {colors: false}],
		[{COLORFGBG: '0;15'}, {background: 'light'}],
		[{COLORFGBG: '0;default;15'}, {background: 'light'}],
		[{COLORFGBG: '15;0'}, {background: 'dark'}],
		[{COLORFGBG: '0;7'}, {background: 'light'}],
		[{COLORFGBG: '7;17'}, {background: 'dark'}],
		[{COLORFGBG: '0;15', LLM_ORCHESTRATOR_BACKGROUND: 'dark'}, {background: 'dark'}],
		[{LLM_ORCHESTRATOR_BACKGROUND: 'light'}, {background: 'light'}],
		[{LANG: 'C'}, {ascii: true}],
		[{LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8'}, {ascii: true}],
		[{LC_ALL: '', LC_CTYPE: 'C', LANG: 'de_DE.UTF-8'}, {ascii: true}],
		[{LANG: 'de_DE.ISO-8859-1'}, {ascii: true}],
		[{LANG: 'C.UTF-8'}, {ascii: false}],
		[{LANG: 'en_US.utf8'}, {ascii: false}],
		[{LANG: 'de_DE'}, {ascii: false}],
	])('%j', (environment, wanted) => {
		expect(themeOf(environment)).toMatchObject(wanted);
	});
});
