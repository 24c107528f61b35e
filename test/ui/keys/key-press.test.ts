import {describe, expect, test} from 'vitest';
import type {Key} from 'ink';
import {keyPressesOf} from '../../../source/ui/keys/key-press.ts';
import {noKey} from '../no-key.ts';

function names(input: string, key: Partial<Key> = {}): readonly string[] {
	return keyPressesOf(input, {...noKey, ...key}).map(({name}) => name);
}

describe('a key', () => {
	test.each<readonly [string, Partial<Key>, string]>([
		['a', {}, 'a'],
		['A', {shift: true}, 'A'],
		['?', {}, '?'],
		['ä', {}, 'ä'],
		['👍', {}, '👍'],
		[' ', {}, 'space'],
		['', {return: true}, 'enter'],
		['', {return: true, meta: true}, 'alt+enter'],
		['', {escape: true}, 'escape'],
		['', {tab: true}, 'tab'],
		['', {tab: true, shift: true}, 'shift+tab'],
		['', {upArrow: true}, 'up'],
		['', {leftArrow: true, ctrl: true}, 'ctrl+left'],
		['', {backspace: true, meta: true}, 'alt+backspace'],
		['', {pageDown: true}, 'pagedown'],
		['', {home: true}, 'home'],
		['', {delete: true}, 'delete'],
		['c', {ctrl: true}, 'ctrl+c'],
		['b', {meta: true}, 'alt+b'],
		['B', {meta: true, shift: true}, 'alt+b'],
		['\n', {}, 'ctrl+j'],
		['\u0004', {}, 'ctrl+d'],
	])('%j %j is %s', (input, key, name) => {
		expect(names(input, key)).toEqual([name]);
	});

	test('writes its letter, and nothing where it is no letter', () => {
		const text = (input: string, key: Partial<Key> = {}) =>
			keyPressesOf(input, {...noKey, ...key}).map(({text}) => text);
		expect(text('A', {shift: true})).toEqual(['A']);
		expect(text(' ')).toEqual([' ']);
		expect(text('', {return: true})).toEqual(['']);
		expect(text('b', {meta: true})).toEqual(['']);
		expect(text('c', {ctrl: true})).toEqual(['']);
		expect(text('', {ctrl: true})).toEqual([]);
	});
});

describe('keys that come in one piece', () => {
	test('are a burst, but for an Enter at the end', () => {
		expect(keyPressesOf('ab\r', noKey)).toEqual([
			{name: 'a', text: 'a', burst: true},
			{name: 'b', text: 'b', burst: true},
			{name: 'enter', text: '\n', burst: false},
		]);
		expect(keyPressesOf('a\rb', noKey).map(({burst}) => burst)).toEqual([true, true, true]);
		expect(keyPressesOf('a', noKey)).toEqual([{name: 'a', text: 'a', burst: false}]);
	});

	test('keep characters of several units whole', () => {
		expect(names('a👍b')).toEqual(['a', '👍', 'b']);
	});

	test('write line breaks and tabs as such', () => {
		expect(keyPressesOf('\r\t\n ', noKey).map(({text}) => text)).toEqual(['\n', '\t', '\n', ' ']);
	});
});
