import {render} from 'ink-testing-library';
import {describe, expect, test} from 'vitest';
import {span} from '../../../source/present/text/row.ts';
import type {Dialog} from '../../../source/ui/app-store.ts';
import {createTheme} from '../../../source/ui/theme.ts';
import {DialogPart} from '../../../source/ui/widgets/dialog-part.tsx';
import {textBoxOf} from '../../../source/ui/widgets/text-box/text-box-state.ts';
import {poison} from '../../core/hostile.ts';
import {drawn, foreignIn, linesOf} from '../frame.tsx';

const theme = createTheme({colors: false, background: 'dark', ascii: false});

function part(dialog: Exclude<Dialog, {kind: 'help'}>, width = 100, height = 7) {
	return <DialogPart dialog={dialog} size={{width, height}} theme={theme} />;
}

function lines(...args: Parameters<typeof part>): readonly string[] {
	return linesOf(drawn(part(...args))).map(line => line.trimEnd());
}

const text = {
	kind: 'text',
	title: 'Message to alice',
	state: textBoxOf(),
	placeholder: 'It is told before its next turn.',
	history: [],
	at: 0,
	submit: () => undefined,
} as const satisfies Dialog;

const question = {
	kind: 'confirm',
	title: 'Cancel the whole run?',
	rows: Array.from({length: 9}, (_, index) => [span(`  reason ${index}`)]),
	choices: [
		{key: 's', label: 'stop it (resumable) and leave', act: () => undefined},
		{key: 'h', label: 'home; it goes on', act: () => undefined},
		{key: 'Esc', label: 'stay', act: () => undefined},
	],
} as const satisfies Dialog;

describe('a text to write', () => {
	test('has a title, a hint at what to write, and its keys', () => {
		const {lastFrame} = render(part(text));
		const shown = linesOf(lastFrame() ?? '').map(line => line.trimEnd());
		expect(shown).toHaveLength(7);
		expect(shown[0]).toMatch(/^━ Message to alice ━+$/);
		expect(shown[1]).toBe('  It is told before its next turn.');
		expect(shown[6]).toMatch(/^ {2}Enter submit {3}Alt\+Enter new line .*Esc cancel$/);
	});

	test('shows what is wrong with the text in the place of its keys', () => {
		expect(lines({...text, problem: 'no such provider'}).at(-1)).toBe('  no such provider');
	});

	test('keeps its cursor in sight, in a box of one line as well', () => {
		const state = textBoxOf('one\ntwo\nthree');
		expect(lines({...text, state}, 40, 3)[1]).toBe('  three');
	});
});

describe('a question', () => {
	test('has a title, its reasons and its answers', () => {
		expect(lines({...question, rows: question.rows.slice(0, 1)})).toEqual([
			expect.stringMatching(/^━ Cancel the whole run\? ━+$/),
			'  reason 0',
			'  s stop it (resumable) and leave   h home; it goes on   Esc stay',
			'',
			'',
			'',
			'',
		]);
	});

	test('shows its answers however little room there is, before its reasons', () => {
		expect(lines(question, 60, 5)).toEqual([
			expect.stringMatching(/^━ Cancel/),
			'  reason 0',
			'  reason 1',
			'  s stop it (resumable) and leave   h home; it goes on   Esc',
			'stay',
		]);
	});
});

test('nothing of what others write reaches the terminal as it is', () => {
	const evil = `x${poison}\n`;
	const state = textBoxOf(evil);
	expect(
		foreignIn(drawn(part({...text, title: evil, state, problem: evil, placeholder: evil}))),
	).toEqual([]);
	expect(foreignIn(drawn(part({...text, placeholder: evil})))).toEqual([]);
	expect(foreignIn(drawn(part({...question, title: evil})))).toEqual([]);
	expect(lines({...text, title: evil})).toHaveLength(7);
});
