import {describe, expect, test} from 'vitest';
import type {Dialog} from '../../source/ui/app-store.ts';
import {pasteIntoDialog} from '../../source/ui/dialog-keys.ts';
import {helpRows} from '../../source/ui/help/help-rows.ts';
import {textBoxOf} from '../../source/ui/widgets/text-box/text-box-state.ts';
import {openTestApp, type TestAppOptions} from './open-test-app.ts';

type TextDialog = Extract<Dialog, {kind: 'text'}>;

/** A box over an empty home screen, and what became of its text. */
function openText(fields: Partial<TextDialog> = {}, options: TestAppOptions = {}) {
	const test = openTestApp({home: {}, ...options});
	const ended: string[] = [];
	test.app.store.setState({
		dialog: {
			kind: 'text',
			title: 'Write',
			state: textBoxOf(),
			placeholder: '',
			history: [],
			at: fields.history?.length ?? 0,
			submit: text => ended.push(`sent ${text}`),
			dismiss: text => ended.push(`kept ${text}`),
			...fields,
		},
	});
	return {
		...test,
		ended,
		written() {
			const dialog = test.dialog();
			return dialog.kind === 'text' ? dialog.state.text : undefined;
		},
		isOpen: () => test.app.store.getState().dialog !== undefined,
	};
}

describe('a text box over the screen', () => {
	test('takes every letter, whatever it means elsewhere', () => {
		const test = openText();
		test.keys('q', '?', 'a', '1', 'space', 'G');
		expect(test.written()).toBe('q?a1 G');
	});

	test('sends its text with Enter and closes', () => {
		const test = openText();
		test.keys('a', 'ctrl+j', 'b', 'alt+enter', 'c', 'enter');
		expect(test.ended).toEqual(['sent a\nb\nc']);
		expect(test.isOpen()).toBe(false);
	});

	test('keeps its text with Esc and closes', () => {
		const test = openText();
		test.keys('a', 'escape');
		expect(test.ended).toEqual(['kept a']);
		expect(test.isOpen()).toBe(false);
	});

	test('is closed before its text is sent, so that another question can follow', () => {
		const test = openText({
			submit() {
				test.app.store.setState({dialog: {kind: 'help', top: 0}});
			},
		});
		test.keys('enter');
		expect(test.dialog()).toEqual({kind: 'help', top: 0});
	});

	test('takes what comes in one piece as text, and sends it with the Enter at its end', () => {
		const test = openText();
		test.burst('one\rtwo\tthree');
		expect(test.written()).toBe('one\ntwo\tthree');
		expect(test.ended).toEqual([]);
		test.burst(' four\r');
		expect(test.ended).toEqual(['sent one\ntwo\tthree four']);
	});

	test('takes a paste with its lines', () => {
		const test = openText();
		pasteIntoDialog(test.app, 'one\r\ntwo\rthree\u001B[2J');
		expect(test.written()).toBe('one\ntwo\nthree[2J');
		expect(test.ended).toEqual([]);
	});

	test('forgets what was wrong with its text when it is changed', () => {
		const test = openText({problem: 'no such thing', state: textBoxOf('x')});
		test.keys('backspace');
		expect(test.dialog()).toMatchObject({problem: undefined});
	});

	test('is edited in the editor, which gets the terminal', async () => {
		const test = openText(
			{state: textBoxOf('draft')},
			{actions: {editText: async (text, kind) => `${text}, edited as ${kind}\n`}},
		);
		test.keys('ctrl+g');
		await test.settle();
		expect(test.written()).toBe('draft, edited as md');
		expect(test.told.done).toEqual(['lend']);
		expect(test.ended).toEqual([]);
	});

	test('stays as it is when the editor changed nothing, or could not be opened', async () => {
		const same = openText({state: textBoxOf('x')}, {actions: {editText: async () => undefined}});
		same.keys('ctrl+g');
		await same.settle();
		expect(same.written()).toBe('x');
		const broken = openText({state: textBoxOf('x')});
		broken.keys('ctrl+g');
		await broken.settle();
		expect(broken.written()).toBe('x');
		expect(broken.notice()).toBe('nobody expected editText');
	});

	test('goes through what was sent with ↑ in its first line and ↓ in its last', () => {
		const test = openText({history: ['first', 'second\nline']});
		test.keys('n', 'e', 'w', 'up');
		expect(test.written()).toBe('second\nline');
		test.keys('up');
		expect(test.written()).toBe('second\nline');
		test.keys('up');
		expect(test.written()).toBe('first');
		test.keys('up', 'down');
		expect(test.written()).toBe('second\nline');
		test.keys('down');
		expect(test.written()).toBe('new');
		test.keys('down');
		expect(test.written()).toBe('new');
	});

	test('leaves to the terminal what is for it', () => {
		const test = openText();
		test.keys('ctrl+l', 'ctrl+z');
		expect(test.told.done).toEqual(['redraw', 'suspend']);
		expect(test.isOpen()).toBe(true);
	});
});

describe('a question', () => {
	function openQuestion() {
		const test = openTestApp({home: {}});
		const chosen: string[] = [];
		const choice = (key: string) => ({key, label: key, act: () => chosen.push(key)});
		test.app.store.setState({
			dialog: {
				kind: 'confirm',
				title: 'Sure?',
				rows: [],
				choices: [choice('s'), choice('y'), choice('Esc')],
			},
		});
		return {...test, chosen, isOpen: () => test.app.store.getState().dialog !== undefined};
	}

	test.each([
		['s', 's'],
		['y', 'y'],
		['escape', 'Esc'],
		['n', 'Esc'],
		['q', 'Esc'],
	])('is answered: %s is %s', (key, choice) => {
		const test = openQuestion();
		test.keys(key);
		expect(test.chosen).toEqual([choice]);
		expect(test.isOpen()).toBe(false);
	});

	test('is not answered by any other key, nor by what came in one piece or was pasted', () => {
		const test = openQuestion();
		test.keys('enter', 'space', 'x', 'tab', 'S', 'Y');
		test.burst('yes');
		pasteIntoDialog(test.app, 'y');
		expect(test.chosen).toEqual([]);
		expect(test.isOpen()).toBe(true);
	});
});

describe('the help', () => {
	test('is scrolled to its end and no further, and left by any other key', () => {
		const test = openTestApp({home: {}, rows: 20});
		test.keys('?');
		expect(test.dialog()).toEqual({kind: 'help', top: 0});
		test.keys('j', 'j', 'k');
		expect(test.dialog()).toEqual({kind: 'help', top: 1});
		test.keys('G', 'j', 'pagedown');
		expect(test.dialog()).toEqual({kind: 'help', top: helpRows(100).length - 18});
		test.keys('k');
		expect(test.dialog()).toEqual({kind: 'help', top: helpRows(100).length - 19});
		test.keys('g');
		expect(test.dialog()).toEqual({kind: 'help', top: 0});
		test.keys('?');
		expect(test.app.store.getState().dialog).toBeUndefined();
	});

	test('does nothing else with the key that leaves it', () => {
		const test = openTestApp({home: {}});
		test.keys('?', 'q');
		expect(test.told.done).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
	});
});
