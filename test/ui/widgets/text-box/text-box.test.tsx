import * as fc from 'fast-check';
import {render} from 'ink-testing-library';
import {describe, expect, test} from 'vitest';
import {createTheme} from '../../../../source/ui/theme.ts';
import {TextBox} from '../../../../source/ui/widgets/text-box/text-box.tsx';
import {
	textBoxOf,
	type TextBoxState,
} from '../../../../source/ui/widgets/text-box/text-box-state.ts';
import {textWidth} from '../../../../source/present/text/width.ts';
import {hostileText} from '../../../present/log/hostile-text.ts';
import {drawn, foreignIn, linesOf} from '../../frame.tsx';

const theme = createTheme({colors: false, background: 'dark', ascii: false});

function box(
	state: TextBoxState,
	{width = 20, height = 3, focused = true, placeholder = 'write'} = {},
) {
	return (
		<TextBox
			state={state}
			width={width}
			height={height}
			focused={focused}
			placeholder={placeholder}
			theme={theme}
		/>
	);
}

describe('a text box', () => {
	test('shows its text with the cursor on the character that it stands before', () => {
		const {lastFrame} = render(box({text: 'one\ntwo', cursor: 5}));
		expect(lastFrame()).toBe('one\nt\u001B[7mw\u001B[27mo\n');
	});

	test('shows the cursor behind the end as a blank', () => {
		expect(drawn(box(textBoxOf('ab')))).toContain('ab\u001B[7m \u001B[27m');
	});

	test('puts the cursor on a whole character', () => {
		expect(drawn(box({text: '👩‍👩‍👧b', cursor: 0}))).toContain('\u001B[7m👩‍👩‍👧\u001B[27mb');
		expect(drawn(box({text: '中文', cursor: 1}))).toContain('中\u001B[7m文\u001B[27m');
	});

	test('has no cursor where keys go elsewhere', () => {
		expect(drawn(box({text: 'ab', cursor: 0}, {focused: false}))).not.toContain('\u001B');
	});

	test('says what to write while nothing is written', () => {
		expect(linesOf(drawn(box(textBoxOf())))[0]).toBe('write');
		expect(linesOf(drawn(box(textBoxOf(' '))))[0]).not.toContain('write');
	});

	test('shows the lines around the cursor', () => {
		const text = Array.from({length: 9}, (_, index) => `line ${index}`).join('\n');
		expect(linesOf(drawn(box(textBoxOf(text)))).map(line => line.trimEnd())).toEqual([
			'line 6',
			'line 7',
			'line 8',
		]);
	});

	test('shows nothing of a pasted text that a terminal would act on, and stays in its place', () => {
		fc.assert(
			fc.property(
				hostileText,
				fc.integer({min: 4, max: 40}),
				fc.boolean(),
				(text, width, focused) => {
					const drawing = drawn(box(textBoxOf(text), {width, focused}));
					const lines = linesOf(drawing);
					expect(foreignIn(drawing)).toEqual([]);
					expect(lines.length).toBeLessThanOrEqual(3);
					for (const line of lines) {
						expect(textWidth(line)).toBeLessThanOrEqual(width);
					}
				},
			),
			{numRuns: 100},
		);
	});
});
