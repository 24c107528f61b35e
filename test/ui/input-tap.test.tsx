import {PassThrough} from 'node:stream';
import {Text, render, useInput} from 'ink';
import {expect, test, vi} from 'vitest';
import {tapInput} from '../../source/ui/input-tap.ts';
import {patience} from '../helpers/patience.ts';

/** An input as a terminal has one, of which a test writes the other side. */
function terminalInput() {
	const input = new PassThrough({encoding: 'utf8'});
	return Object.assign(input, {
		isTTY: true,
		setRawMode: () => input,
		ref: () => input,
		unref: () => input,
	}) as unknown as NodeJS.ReadStream & PassThrough;
}

test('an input that is heard gives its keys to the screen all the same', async () => {
	const input = terminalInput();
	const output = Object.assign(new PassThrough(), {columns: 80, rows: 24});
	const heard: string[] = [];
	const keys: string[] = [];
	function Keys() {
		useInput(typed => {
			keys.push(typed);
		});
		return <Text>keys</Text>;
	}

	const instance = render(<Keys />, {
		stdin: tapInput(input, text => heard.push(text)),
		stdout: output as unknown as NodeJS.WriteStream,
		interactive: true,
		patchConsole: false,
	});
	await vi.waitFor(() => expect(input.listenerCount('readable')).toBe(1), {
		...patience,
		interval: 2,
	});
	input.write('a');
	input.write('\u001B[O\u001B[I');
	input.write('使');
	await vi.waitFor(() => expect(keys.join('')).toBe('a使'), {...patience, interval: 2});
	expect(heard.join('')).toBe('a\u001B[O\u001B[I使');
	instance.unmount();
	expect(input.listenerCount('readable')).toBe(0);
});
