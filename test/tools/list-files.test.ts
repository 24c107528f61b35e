import {describe, expect, test} from 'vitest';
import {workshop} from './workshop.ts';

describe('list_files', () => {
	test('lists one level or all, with sizes, without opening dependencies', async () => {
		const {call} = workshop({
			'a.txt': '12345',
			'src/deep/b': 'x',
			'node_modules/dep/x': 'x',
			'.git/config': 'x',
			link: {link: 'src'},
		});
		expect((await call('list_files', {})).text).toBe(
			'a.txt  5\nlink  [link or other]\nnode_modules/\nsrc/',
		);
		expect((await call('list_files', {recursive: true})).text).toBe(
			'a.txt  5\nlink  [link or other]\nnode_modules/\nsrc/\nsrc/deep/\nsrc/deep/b  1',
		);
		expect((await call('list_files', {path: 'src/deep'})).text).toBe('src/deep/b  1');
		expect(await call('list_files', {path: 'nope'})).toMatchObject({ok: false});
	});

	test('stops at its limit and says so', async () => {
		const files = Object.fromEntries(Array.from({length: 450}, (_, i) => [`d/f${i}`, '']));
		const {text} = await workshop(files).call('list_files', {path: 'd'});
		expect(text.split('\n')).toHaveLength(401);
		expect(text).toMatch(/there is more/);
	});
});
