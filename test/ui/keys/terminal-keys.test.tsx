import {Text, useInput} from 'ink';
import {render} from 'ink-testing-library';
import {afterAll, afterEach, expect, test, vi} from 'vitest';
import {keyMap, type Binding} from '../../../source/ui/keys/key-map.ts';
import {keyPressesOf} from '../../../source/ui/keys/key-press.ts';
import {patience} from '../../helpers/patience.ts';

/** What xterm sends for keys that are no letters, and what most others send as well. */
const sequences: Readonly<Record<string, string>> = {
	enter: '\r',
	escape: '\u001B',
	tab: '\t',
	'shift+tab': '\u001B[Z',
	space: ' ',
	backspace: '\u007F',
	delete: '\u001B[3~',
	up: '\u001B[A',
	down: '\u001B[B',
	right: '\u001B[C',
	left: '\u001B[D',
	'ctrl+left': '\u001B[1;5D',
	'ctrl+right': '\u001B[1;5C',
	'alt+left': '\u001B[1;3D',
	'alt+right': '\u001B[1;3C',
	home: '\u001B[H',
	end: '\u001B[F',
	pageup: '\u001B[5~',
	pagedown: '\u001B[6~',
	'alt+enter': '\u001B\r',
	'alt+backspace': '\u001B\u007F',
	'alt+b': '\u001Bb',
	'alt+f': '\u001Bf',
};

const inTextBoxes =
	'backspace delete ctrl+w alt+backspace ctrl+u left right up down home end ctrl+a ctrl+e ctrl+left ctrl+right alt+left alt+right alt+b alt+f'.split(
		' ',
	);

const bindings: readonly Binding[] = Object.values(keyMap).flat();
const everyKey = [...new Set([...bindings.flatMap(({keys}) => keys), ...inTextBoxes])];

function bytesOf(name: string): string {
	const control = /^ctrl\+([a-z])$/.exec(name)?.[1];
	return control === undefined
		? (sequences[name] ?? name)
		: String.fromCharCode(control.charCodeAt(0) - 96);
}

const names: string[] = [];

function Probe() {
	useInput((input, key) => {
		names.push(...keyPressesOf(input, key).map(({name}) => name));
	});
	return <Text>keys</Text>;
}

const {stdin, unmount} = render(<Probe />);

afterEach(() => {
	names.length = 0;
});

afterAll(() => {
	unmount();
});

test.each(everyKey)('%s can be typed on a terminal', async name => {
	stdin.write(bytesOf(name));
	await vi.waitFor(
		() => {
			expect(names).toEqual([name]);
		},
		{...patience, interval: 2},
	);
});

test.each<readonly [string, string]>([
	['F1', '\u001BOP'],
	['F5', '\u001B[15~'],
	['Ctrl+F1', '\u001B[1;5P'],
	['the focus of its window', '\u001B[O\u001B[I'],
	['a click', '\u001B[<0;10;10M'],
	['an answer about the terminal', '\u001B[?64;1;2c'],
	['a key with modifiers that xterm reports', '\u001B[27;5;49~'],
])('%s is no key that would do something', async (_, bytes) => {
	stdin.write(bytes);
	stdin.write('z');
	await vi.waitFor(
		() => {
			expect(names).toContain('z');
		},
		{...patience, interval: 2},
	);
	expect(names).toEqual(['z']);
});
