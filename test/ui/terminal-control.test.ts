import {describe, expect, test} from 'vitest';
import {createTerminal, type Notification} from '../../source/ui/terminal-control.ts';
import {poison} from '../core/hostile.ts';

const bell = '\u0007';
const focus = {on: '\u001B[?1004h', off: '\u001B[?1004l'};

/** A terminal, and what was written to it or asked of the one who draws. */
function open({
	notification = 'osc9',
	isIdle = true,
}: {readonly notification?: Notification; readonly isIdle?: boolean} = {}) {
	const written: string[] = [];
	const returns: string[] = [];
	const terminal = createTerminal(
		{write: text => written.push(text)},
		{
			notification,
			onIdle: () => isIdle,
			onReturn: () => returns.push('again'),
			redraw: () => written.push('drawn anew'),
		},
	);
	return {...terminal, written, returns};
}

describe('a call for the person', () => {
	test('comes as the terminal is to give it', () => {
		const shown = (notification: Notification) => {
			const terminal = open({notification});
			terminal.notify('look here');
			return terminal.written;
		};
		expect(shown('osc9')).toEqual([`\u001B]9;look here${bell}`]);
		expect(shown('bell')).toEqual([bell]);
		expect(shown('off')).toEqual([]);
	});

	test('comes only while the person looks elsewhere', () => {
		const terminal = open({isIdle: false});
		terminal.notify('one');
		expect(terminal.written).toEqual([]);
		terminal.onInput('\u001B[O');
		terminal.notify('two');
		terminal.onInput('typed');
		terminal.notify('three');
		expect(terminal.written).toEqual([`\u001B]9;two${bell}`, `\u001B]9;three${bell}`]);
		terminal.onInput('\u001B[Ijk');
		terminal.notify('four');
		terminal.onInput('\u001B[O\u001B[I');
		terminal.notify('five');
		expect(terminal.written).toHaveLength(2);
	});

	test('comes after a long time without a key, where the terminal tells nothing of its focus', () => {
		const terminal = open({isIdle: true});
		terminal.notify('one');
		expect(terminal.written).toHaveLength(1);
	});

	test('makes the terminal do nothing else', () => {
		const terminal = open();
		terminal.notify(`look${poison}\nhere`);
		expect(terminal.written).toEqual([`\u001B]9;look  here${bell}`]);
	});
});

describe('a person who comes back to the window', () => {
	test('is noticed, once each time', () => {
		const terminal = open();
		for (const input of ['\u001B[I', '\u001B[O', 'j', '\u001B[I', '\u001B[I', '\u001B[O\u001B[I']) {
			terminal.onInput(input);
		}

		expect(terminal.returns).toEqual(['again', 'again']);
	});
});

describe('the clipboard', () => {
	test('gets a text in the form that cannot do harm', () => {
		const terminal = open();
		terminal.copy('使用\u001B[2J');
		const [written = ''] = terminal.written;
		const [, encoded = ''] = /^\u001B\]52;c;([A-Za-z\d+/=]+)\u0007$/.exec(written) ?? [];
		expect(Buffer.from(encoded, 'base64').toString()).toBe('使用\u001B[2J');
	});

	test('gets the end of what is too long', () => {
		const terminal = open();
		terminal.copy(`${'x'.repeat(100_000)}the end`);
		expect(terminal.written[0]?.length).toBeLessThan(100_000);
		expect(Buffer.from(terminal.written[0]?.slice(7, -1) ?? '', 'base64').toString()).toMatch(
			/the end$/,
		);
	});
});

describe('a terminal that is lent', () => {
	const lendWith = (terminal: ReturnType<typeof open>) => {
		terminal.setSuspend(async work => {
			terminal.written.push('given');
			await work();
			terminal.written.push('taken back');
		});
	};

	test('says nothing of its focus meanwhile', async () => {
		const terminal = open();
		lendWith(terminal);
		const value = await terminal.runExternal(async () => {
			terminal.written.push('work');
			return 42;
		});
		expect(value).toBe(42);
		expect(terminal.written).toEqual(['given', focus.off, 'work', 'taken back', focus.on]);
	});

	test('comes back as it was when the work fails', async () => {
		const terminal = open();
		lendWith(terminal);
		const work = terminal.runExternal(async () => {
			throw new Error('no editor');
		});
		await expect(work).rejects.toThrow('no editor');
		expect(terminal.written.at(-1)).toBe(focus.on);
	});

	test('is not given away before somebody knows how', async () => {
		const terminal = open();
		expect(await terminal.runExternal(async () => 'done')).toBe('done');
		expect(terminal.written).toEqual([]);
	});
});

test('a terminal tells of its focus from opening to closing, and is drawn anew when asked', () => {
	const terminal = open();
	terminal.open();
	terminal.redraw();
	terminal.close();
	expect(terminal.written).toEqual([focus.on, '\u001B[2J\u001B[H', 'drawn anew', focus.off]);
});
