import {readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {hashOf} from '../../source/tools/text-file.ts';
import type {Files} from '../helpers/repository.ts';
import {readFiles, writeFiles} from '../helpers/repository.ts';
import {never, workshop} from './workshop.ts';

describe('edit_file', () => {
	const file =
		'function add(a, b) {\n\treturn a + b;\n}\n\nfunction sub(a, b) {\n\treturn a - b;\n}\n';
	const known = async (files: Files) => {
		const made = workshop(files);
		for (const name of Object.keys(files)) {
			await made.call('read_file', {path: name});
		}

		return made;
	};

	test('replaces one piece and keeps the rest and the mode', async () => {
		const {root, prepare} = await known({'a.js': {executable: file}});
		const prepared = await prepare('edit_file', {
			path: 'a.js',
			old_text: '\treturn a + b;',
			new_text: '\t// $& $1\n\treturn b + a;',
		});
		expect(prepared).toMatchObject({
			summary: 'edit_file a.js (+2 −1)',
			permission: {
				detail:
					'a.js\n@@ -1,5 +1,6 @@\n function add(a, b) {\n-\treturn a + b;\n+\t// $& $1\n+\treturn b + a;\n }\n \n function sub(a, b) {\n',
			},
			intent: {before: hashOf(Buffer.from(file))},
		});
		await prepared.execute(never);
		expect(readFiles(root)).toEqual({
			'a.js': `x ${file.replace('return a + b;', () => '// $& $1\n\treturn b + a;')}`,
		});
	});

	test('needs a look at the file as it is now', async () => {
		const {root, call} = workshop({'a.js': file});
		const args = {path: 'a.js', old_text: 'a + b', new_text: 'x'};
		expect((await call('edit_file', args)).text).toMatch(/^Read a.js with read_file/);
		await call('read_file', {path: 'a.js'});
		writeFiles(root, {'a.js': `${file}\n`});
		expect((await call('edit_file', args)).text).toMatch(/changed since you last saw it/);
		expect((await call('edit_file', {...args, path: 'nope'})).text).toBe('There is no file nope');
	});

	test('says what to do when the text is not there once', async () => {
		const {call} = await known({'a.js': file});
		const edit = async (old: string) =>
			(await call('edit_file', {path: 'a.js', old_text: old, new_text: 'x'})).text;
		expect(await edit('(a, b) {')).toMatch(/occurs 2 times in a.js \(lines 1, 5\)/);
		expect(await edit('function add(a, b) {\n  return a + b;\n}')).toMatch(
			/only in white space; the file has, from line 1:\nfunction add\(a, b\) \{\n\treturn a \+ b;\n\}$/,
		);
		expect(await edit('\treturn a - bb;')).toMatch(
			/nearest lines, from line 4, are:[^]*return a - b;/,
		);
		expect(await edit('zzzz qqqq')).toMatch(/Nothing in it is alike/);
		expect(await edit('')).toMatch(/old_text/);
	});

	test('keeps line ends of Windows although models write others', async () => {
		const {root, call} = await known({a: 'one\r\ntwo\r\nthree\r\n'});
		expect(
			await call('edit_file', {path: 'a', old_text: 'one\ntwo\n', new_text: '1\n2\n'}),
		).toMatchObject({ok: true});
		expect(readFileSync(path.join(root, 'a'), 'utf8')).toBe('1\r\n2\r\nthree\r\n');
	});

	test('tells only the lines that changed, however much of the text around them was given', async () => {
		const {prepare} = await known({'a.js': file});
		const args = {
			path: 'a.js',
			old_text: file.trimEnd(),
			new_text: file.trimEnd().replace('a - b', 'b - a'),
		};
		expect(await prepare('edit_file', args)).toMatchObject({
			summary: 'edit_file a.js (+1 −1)',
			permission: {
				detail:
					'a.js\n@@ -3,5 +3,5 @@\n }\n \n function sub(a, b) {\n-\treturn a - b;\n+\treturn b - a;\n }\n',
			},
		});
	});

	test('the nearest line is the nearest of many that are alike', async () => {
		const lines = Array.from({length: 1_000}, (_, index) => `const value${index} = at(${index});`);
		const {call} = await known({'a.js': lines.join('\n')});
		const {text} = await call('edit_file', {
			path: 'a.js',
			old_text: 'const value777 = at(777, 1);',
			new_text: 'x',
		});
		expect(text).toContain('from line 776, are:\n');
		expect(text).toContain('value777');
	});
});
