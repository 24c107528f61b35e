import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {textWidth} from '../../../../source/present/text/width.ts';
import {textActionFor} from '../../../../source/ui/widgets/text-box/text-box-keys.ts';
import {
	editText,
	isAtEdge,
	textBoxOf,
	viewOf,
	type TextBoxAction,
	type TextBoxState,
} from '../../../../source/ui/widgets/text-box/text-box-state.ts';
import {hostileText} from '../../../present/log/hostile-text.ts';
import {keyNamed} from '../../open-test-app.ts';

/** A text with its cursor where `|` stands. */
function at(marked: string): TextBoxState {
	const cursor = marked.indexOf('|');
	return {text: marked.slice(0, cursor) + marked.slice(cursor + 1), cursor};
}

function marked({text, cursor}: TextBoxState): string {
	return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

type Plain = Exclude<TextBoxAction['type'], 'insert'>;

const everyPlain: readonly Plain[] = [
	'backspace',
	'delete',
	'delete-word',
	'delete-line',
	'left',
	'right',
	'word-left',
	'word-right',
	'line-start',
	'line-end',
	'up',
	'down',
];

const character = fc.constantFrom(
	'a',
	'Z',
	' ',
	'\n',
	'中',
	'👍',
	'👍🏽',
	'👩‍👩‍👧',
	'🇩🇪',
	'e\u0301',
	'\t',
	'.',
);
const someText = fc.oneof(
	fc.array(character, {maxLength: 30}).map(pieces => pieces.join('')),
	hostileText.map(text => text.toWellFormed()),
);
const action: fc.Arbitrary<TextBoxAction> = fc.oneof(
	someText.map(text => ({type: 'insert', text}) as const),
	fc.constantFrom(...everyPlain).map(type => ({type})),
);

describe('a text that is written', () => {
	test.each<readonly [string, Plain, string]>([
		['ab|c', 'backspace', 'a|c'],
		['|abc', 'backspace', '|abc'],
		['ab|c', 'delete', 'ab|'],
		['abc|', 'delete', 'abc|'],
		['a👩‍👩‍👧|b', 'backspace', 'a|b'],
		['a|👩‍👩‍👧b', 'delete', 'a|b'],
		['one two |three', 'delete-word', 'one |three'],
		['one two|', 'delete-word', 'one |'],
		['one\n two|', 'delete-word', 'one\n |'],
		['|one', 'delete-word', '|one'],
		['one\ntwo| three', 'delete-line', 'one\n| three'],
		['|one', 'delete-line', '|one'],
		['|\none', 'delete-line', '|\none'],
		['a中|', 'left', 'a|中'],
		['a|中', 'right', 'a中|'],
		['one  two|', 'word-left', 'one  |two'],
		['one  |two', 'word-left', '|one  two'],
		['one|  two three', 'word-right', 'one  two| three'],
		['one\ntw|o', 'line-start', 'one\n|two'],
		['o|ne\ntwo', 'line-end', 'one|\ntwo'],
		['|\ntwo', 'line-start', '|\ntwo'],
		['|\ntwo', 'line-end', '|\ntwo'],
		['one\ntw|o', 'up', 'on|e\ntwo'],
		['one\ntwo three|', 'up', 'one|\ntwo three'],
		['o|ne', 'up', '|one'],
		['\n|two', 'up', '|\ntwo'],
		['tw|o\nthree', 'down', 'two\nth|ree'],
		['three|\no', 'down', 'three\no|'],
		['on|e', 'down', 'one|'],
		['|\ntwo', 'down', '\n|two'],
		['|\n\ntwo', 'down', '\n|\ntwo'],
		['a|b\n👍👍', 'down', 'ab\n|👍👍'],
		['👍👍\nabc|', 'up', '👍|👍\nabc'],
	])('%j, %s: %j', (before, type, after) => {
		expect(marked(editText(at(before), {type}))).toBe(after);
	});

	test('takes text where the cursor is', () => {
		expect(marked(editText(at('a|c'), {type: 'insert', text: 'b\n中'}))).toBe('ab\n中|c');
		expect(marked(textBoxOf('abc'))).toBe('abc|');
	});

	test('takes no more than it can hold, and no half of a character', () => {
		const full = textBoxOf('x'.repeat(100_000 - 3));
		const more = editText(full, {type: 'insert', text: 'a👍👍'});
		expect(more.text.endsWith('xa👍')).toBe(true);
		const odd = editText(full, {type: 'insert', text: '👍👍'});
		expect(odd.text.endsWith('x👍')).toBe(true);
		expect(editText(more, {type: 'insert', text: 'b'})).toEqual(more);
	});

	test('takes no control characters, of a paste or an editor', () => {
		const {text} = editText(textBoxOf('\u001B[2Jx\u0000'), {
			type: 'insert',
			text: 'a\u001B]0;t\u0007\r\nb\tc\u009B',
		});
		expect(text).toBe('[2Jxa]0;t\nb\tc');
	});

	test('never halves a character, whatever is pressed', () => {
		fc.assert(
			fc.property(someText, fc.nat(), fc.array(action, {maxLength: 30}), (text, place, actions) => {
				let state = textBoxOf(text);
				state = {...state, cursor: boundaryNear(state.text, place)};
				for (const one of actions) {
					state = editText(state, one);
					expect(state.text.isWellFormed()).toBe(true);
					expect(state.cursor).toBeGreaterThanOrEqual(0);
					expect(state.cursor).toBeLessThanOrEqual(state.text.length);
					expect(state.text.slice(0, state.cursor).isWellFormed()).toBe(true);
				}
			}),
			{numRuns: 300},
		);
	});

	test('is as before when what was inserted is taken back key by key', () => {
		fc.assert(
			fc.property(someText, fc.nat(), character, (text, place, typed) => {
				const clean = textBoxOf(text).text;
				const before = {text: clean, cursor: boundaryNear(clean, place)};
				fc.pre(!joins(clean, before.cursor, typed));
				const after = editText(before, {type: 'insert', text: typed});
				expect(editText(after, {type: 'backspace'})).toEqual(before);
			}),
			{numRuns: 300},
		);
	});

	test('comes back to where it was when the cursor goes one to the left and one to the right', () => {
		fc.assert(
			fc.property(someText, fc.nat(), (text, place) => {
				const clean = textBoxOf(text).text;
				const cursor = boundaryNear(clean, place);
				fc.pre(cursor < clean.length);
				const state = {text: clean, cursor};
				const there = editText(state, {type: 'right'});
				expect(editText(there, {type: 'left'})).toEqual(state);
			}),
			{numRuns: 300},
		);
	});

	test('knows its first and last line', () => {
		expect(isAtEdge(at('o|ne\ntwo'), 'top')).toBe(true);
		expect(isAtEdge(at('o|ne\ntwo'), 'bottom')).toBe(false);
		expect(isAtEdge(at('one\n|two'), 'top')).toBe(false);
		expect(isAtEdge(at('one\n|two'), 'bottom')).toBe(true);
	});
});

describe('what is seen of a text', () => {
	test('is cut hard at its width, with a column left for the cursor', () => {
		expect(viewOf(at('abcdef|'), {width: 4, height: 5})).toEqual({
			lines: ['abc', 'def'],
			row: 1,
			column: 3,
		});
		expect(viewOf(at('abc|def'), {width: 4, height: 5})).toMatchObject({row: 1, column: 0});
		expect(viewOf(at('|'), {width: 4, height: 5})).toEqual({lines: [''], row: 0, column: 0});
		expect(viewOf(at('a\n|\nb'), {width: 4, height: 5})).toEqual({
			lines: ['a', '', 'b'],
			row: 1,
			column: 0,
		});
	});

	test('counts wide characters by their columns', () => {
		expect(viewOf(at('中文|字'), {width: 5, height: 5})).toEqual({
			lines: ['中文', '字'],
			row: 1,
			column: 0,
		});
		expect(viewOf(at('中|文字'), {width: 5, height: 5})).toMatchObject({row: 0, column: 2});
	});

	test('goes with the cursor', () => {
		const lines = ['0', '1', '2', '3', '4', '5'];
		const view = (cursor: number) =>
			viewOf({text: lines.join('\n'), cursor}, {width: 9, height: 3});
		expect(view(0)).toEqual({lines: ['0', '1', '2'], row: 0, column: 0});
		expect(view(11)).toEqual({lines: ['3', '4', '5'], row: 2, column: 1});
		expect(view(4)).toMatchObject({column: 0});
	});

	test('always holds the cursor, at any size, and never more than there is room for', () => {
		fc.assert(
			fc.property(
				someText,
				fc.nat(),
				fc.integer({min: 3, max: 30}),
				fc.integer({min: 1, max: 8}),
				(text, place, width, height) => {
					const clean = textBoxOf(text).text;
					const state = {text: clean, cursor: boundaryNear(clean, place)};
					const {lines, row, column} = viewOf(state, {width, height});
					expect(lines.length).toBeLessThanOrEqual(height);
					expect(lines[row]).toBeDefined();
					expect(column).toBeGreaterThanOrEqual(0);
					expect(column).toBeLessThan(width);
					for (const line of lines) {
						expect(textWidth(line)).toBeLessThan(width);
						expect(line).not.toContain('\t');
					}
				},
			),
			{numRuns: 500},
		);
	});

	test('is all of it where there is room', () => {
		fc.assert(
			fc.property(someText, fc.integer({min: 3, max: 30}), (text, width) => {
				const {lines} = viewOf(textBoxOf(text), {width, height: 10_000});
				expect(lines.join('')).toBe(
					textBoxOf(text).text.replaceAll('\n', '').replaceAll('\t', ' '),
				);
			}),
			{numRuns: 200},
		);
	});
});

describe('the keys of a text', () => {
	test.each([
		['backspace', 'backspace'],
		['ctrl+h', 'backspace'],
		['delete', 'delete'],
		['ctrl+w', 'delete-word'],
		['alt+backspace', 'delete-word'],
		['ctrl+u', 'delete-line'],
		['alt+left', 'word-left'],
		['ctrl+right', 'word-right'],
		['ctrl+a', 'line-start'],
		['end', 'line-end'],
		['up', 'up'],
	])('%s: %s', (name, type) => {
		expect(textActionFor(keyNamed(name))).toEqual({type});
	});

	test('are all letters', () => {
		expect(textActionFor(keyNamed('q'))).toEqual({type: 'insert', text: 'q'});
		expect(textActionFor(keyNamed('space'))).toEqual({type: 'insert', text: ' '});
		expect(textActionFor(keyNamed('escape'))).toBeUndefined();
		expect(textActionFor(keyNamed('ctrl+x'))).toBeUndefined();
	});
});

/** A place between two characters. */
function boundaryNear(text: string, place: number): number {
	const places = [...new Intl.Segmenter().segment(text)].map(({index}) => index);
	const all = [...places, text.length];
	return all[place % all.length] ?? 0;
}

/** Whether a character would be one with a neighbour, so that one key takes more than it back. */
function joins(text: string, place: number, typed: string): boolean {
	const whole = text.slice(0, place) + typed + text.slice(place);
	const places = new Set([...new Intl.Segmenter().segment(whole)].map(({index}) => index));
	const isBoundary = (at: number) => at === whole.length || places.has(at);
	return !isBoundary(place) || !isBoundary(place + typed.length);
}
