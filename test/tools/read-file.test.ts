import {chmodSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {hashOf} from '../../source/tools/text-file.ts';
import {workshop} from './workshop.ts';

describe('read_file', () => {
	test('shows less at once to a model with little context, and says how to go on', async () => {
		const text = Array.from({length: 400}, (_, index) => `line ${index + 1}`).join('\n');
		const {call} = workshop({'a.txt': text}, {maxResult: () => 1_500});
		const first = await call('read_file', {path: 'a.txt'});
		expect(first.text.length).toBeLessThan(1_500);
		const [, next = ''] =
			/\[lines 1 to \d+ of 400; go on with offset (\d+)\]$/.exec(first.text) ?? [];
		const second = await call('read_file', {path: 'a.txt', offset: Number(next)});
		expect(second.text).toMatch(new RegExp(`^line ${next}\n`));
	});

	test('shows any part of a result that was shown in part', async () => {
		const whole = 'one\ntwo\nthree\nfour';
		const {call} = workshop(
			{},
			{readResult: async name => (name === '@output-1' ? whole : undefined)},
		);
		expect(await call('read_file', {path: '@output-1', offset: 2, limit: 2})).toEqual({
			ok: true,
			text: 'two\nthree\n[lines 2 to 3 of 4; go on with offset 4]',
		});
		expect(await call('read_file', {path: '@output-2'})).toMatchObject({
			ok: false,
			text: 'There is no result @output-2',
		});
	});

	test('gives the text exactly, and remembers what was seen', async () => {
		const {call, context} = workshop({'a.txt': '\uFEFFone\r\n\ttwo \n\nthree'});
		const {text} = await call('read_file', {path: './a.txt'});
		expect(text).toBe('\uFEFFone\r\n\ttwo \n\nthree');
		expect(context.known.get('a.txt')).toBe(hashOf(Buffer.from(text)));
	});

	test('gives parts, and says how to go on', async () => {
		const {call} = workshop({'a.txt': '1\n2\n3\n4\n', empty: ''});
		expect((await call('read_file', {path: 'a.txt', offset: 2, limit: 2})).text).toBe(
			'2\n3\n[lines 2 to 3 of 4; go on with offset 4]',
		);
		expect((await call('read_file', {path: 'a.txt', offset: 4})).text).toBe(
			'4\n[lines 4 to 4 of 4]',
		);
		expect((await call('read_file', {path: 'a.txt', offset: 5})).text).toMatch(/only 4 lines/);
		expect((await call('read_file', {path: 'empty'})).text).toBe('[the file is empty]');
	});

	test('gives of a long file as many whole lines as fit', async () => {
		const {call} = workshop({long: 'äöü line\n'.repeat(10_000)});
		const {text} = await call('read_file', {path: 'long'});
		expect(Buffer.byteLength(text)).toBeLessThan(31 * 1024);
		const [, last, next] =
			/\n\[lines 1 to (\d+) of 10000; go on with offset (\d+)\]$/.exec(text) ?? [];
		expect(Number(next)).toBe(Number(last) + 1);
	});

	test.each([
		['a result', 'x'.repeat(100_000), '@output-1', 1_500],
		['a file', 'x'.repeat(100_000), 'wide.txt', 30 * 1024],
		['characters of many bytes', 'aä€😀'.repeat(3_000), 'wide.txt', 1_500],
		['a line between others', `one\n${'wide '.repeat(1_000)}\r\nthree\nfour`, 'wide.txt', 1_500],
		['a long line at the end', `one\n${'wide '.repeat(1_000)}\n`, 'wide.txt', 1_500],
	])('gives all of %s, however long its lines are', async (_, whole, path, most) => {
		const {call} = workshop(
			{'wide.txt': whole},
			{maxResult: () => most, readResult: async () => whole},
		);
		let text = '';
		let place: Record<string, number> | undefined = {};
		while (place) {
			const shown: string = (await call('read_file', {path, ...place})).text;
			expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(most);
			const [note = '', what, end, next, offset, column] =
				/\n\[(line|lines) .*? to (\d+) of \d+(; go on with offset (\d+)(?:, column (\d+))?)?\]$/.exec(
					shown,
				) ?? [];
			expect([note, end]).not.toContain(undefined);
			const isEndOfLine = what === 'lines' || column === undefined;
			text += shown.slice(0, -note.length) + (isEndOfLine ? '\n' : '');
			place = next
				? {offset: Number(offset), ...(column ? {column: Number(column)} : {})}
				: undefined;
		}

		expect(text).toBe(whole.endsWith('\n') ? whole : `${whole}\n`);
	});

	test('says where a long line ends, and that there is no more of it', async () => {
		const {call} = workshop({wide: `${'x'.repeat(2_000)}\nend`}, {maxResult: () => 1_500});
		expect((await call('read_file', {path: 'wide'})).text).toBe(
			`${'x'.repeat(1_380)}\n[line 1, characters 1 to 1380 of 2000; go on with offset 1, column 1381]`,
		);
		expect((await call('read_file', {path: 'wide', column: '1991'})).text).toBe(
			`${'x'.repeat(10)}\n[line 1, characters 1991 to 2000 of 2000; go on with offset 2]`,
		);
		expect((await call('read_file', {path: 'wide', offset: 2, column: 2})).text).toBe(
			'nd\n[line 2, characters 2 to 3 of 3]',
		);
		expect(await call('read_file', {path: 'wide', column: 2_001})).toMatchObject({
			kind: 'tool-failed',
			text: 'Line 1 has only 2000 characters',
		});
	});

	test('refuses politely what is missing, binary, or outside', async () => {
		const {call} = workshop({bin: Buffer.from([1, 0, 2]), latin: Buffer.from([0x66, 0xfc, 0x72])});
		expect(await call('read_file', {path: 'nope'})).toMatchObject({kind: 'tool-failed'});
		expect(await call('read_file', {path: 'bin'})).toMatchObject({
			text: expect.stringContaining('binary'),
		});
		expect(await call('read_file', {path: 'latin'})).toMatchObject({ok: false});
		expect(await call('read_file', {path: '../x'})).toMatchObject({kind: 'denied'});
	});
});

test.skipIf(process.getuid?.() === 0)('a protected file is a result, not a crash', async () => {
	const {root, call} = workshop({a: 'x'});
	chmodSync(path.join(root, 'a'), 0);
	expect(await call('read_file', {path: 'a'})).toMatchObject({kind: 'tool-failed'});
});
