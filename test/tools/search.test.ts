import {describe, expect, test} from 'vitest';
import {workshop} from './workshop.ts';

describe('search', () => {
	test('finds texts and expressions, in order, with path and line', async () => {
		const {call} = workshop({
			'b.ts': 'const Foo = 1;\n\n  foo(2);\n',
			'a/x.ts': 'foo\r\n',
			'node_modules/x': 'foo',
			bin: Buffer.from('foo\0'),
		});
		expect((await call('search', {pattern: 'foo'})).text).toBe('b.ts:3:   foo(2);\na/x.ts:1: foo');
		expect((await call('search', {pattern: '^\\s*foo\\(\\d\\)', path: 'b.ts'})).text).toBe(
			'b.ts:3:   foo(2);',
		);
		expect((await call('search', {pattern: 'FOO', ignore_case: true, path: 'b.ts'})).text).toMatch(
			/b.ts:1:.*\nb.ts:3:/,
		);
		expect((await call('search', {pattern: 'nothing like it'})).text).toBe('No matches.');
		expect((await call('search', {pattern: 'foo(', path: 'b.ts'})).text).toMatch(
			/^\[searched as plain text: .*\]\nb.ts:3:   foo\(2\);$/,
		);
	});

	test('cannot be made to hang by a pattern, and lets others have their turn', async () => {
		const line = `${'a'.repeat(5000)}!\n`;
		const {call} = workshop({evil: line.repeat(300)});
		let turns = 0;
		let searching = true;
		const takeTurn = () => {
			turns += 1;
			if (searching) {
				setImmediate(takeTurn);
			}
		};
		setImmediate(takeTurn);
		const {text} = await call('search', {pattern: '^(a+)+$'});
		searching = false;
		expect(text).toBe('No matches.');
		// The file is read by parts of some 100,000 characters, with a turn for others between.
		expect(turns).toBeGreaterThan(8);
	});

	test('is capped and says so', async () => {
		const {call} = workshop({many: 'x\n'.repeat(1000), wide: `x${'y'.repeat(1000)}\n`});
		const {text} = await call('search', {pattern: 'x', path: 'many'});
		expect(text.split('\n')).toHaveLength(201);
		expect(text).toMatch(/there are more matches/);
		expect((await call('search', {pattern: 'x', path: 'wide'})).text.length).toBeLessThan(350);
	});

	test('can be cancelled', async () => {
		const {prepare} = workshop({a: 'x'});
		const prepared = await prepare('search', {pattern: 'x'});
		await expect(prepared.execute(AbortSignal.abort())).rejects.toThrow();
	});
});
