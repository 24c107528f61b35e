import {describe, expect, test} from 'vitest';
import {hashOf} from '../../source/tools/text-file.ts';
import {readFiles, writeFiles} from '../helpers/repository.ts';
import {never, workshop} from './workshop.ts';

describe('write_file', () => {
	test('announces what it will do, does it, and lets the agent edit on', async () => {
		const {root, prepare, call} = workshop({});
		const prepared = await prepare('write_file', {path: 'src/new.ts', content: 'a\nb\n'});
		expect(prepared).toMatchObject({
			summary: 'write_file src/new.ts (2 lines)',
			intent: {path: 'src/new.ts', before: null, after: hashOf(Buffer.from('a\nb\n'))},
			permission: {detail: 'src/new.ts\n@@ -0,0 +1,2 @@\n+a\n+b\n'},
		});
		expect(readFiles(root)).toEqual({});
		expect(await prepared.execute(never)).toMatchObject({
			ok: true,
			files: [{path: 'src/new.ts', hash: prepared.intent?.after, written: true}],
		});
		expect(
			await call('edit_file', {path: 'src/new.ts', old_text: 'b', new_text: 'c'}),
		).toMatchObject({ok: true});
		expect(readFiles(root)).toEqual({'src/new.ts': 'a\nc\n'});
	});

	test('does not replace what the agent has not seen, or what changed while permission was asked', async () => {
		const {root, prepare, call} = workshop({a: 'precious'});
		expect(await call('write_file', {path: 'a', content: 'x'})).toMatchObject({
			ok: false,
			text: expect.stringContaining('Read a with read_file'),
		});
		await call('read_file', {path: 'a'});
		const prepared = await prepare('write_file', {path: 'a', content: 'x'});
		writeFiles(root, {a: 'somebody else'});
		await expect(prepared.execute(never)).rejects.toMatchObject({kind: 'tool-failed'});
		expect(readFiles(root)).toEqual({a: 'somebody else'});
	});

	test('tells what changes in a file that it replaces', async () => {
		const {prepare, call} = workshop({a: 'one\ntwo\nthree\n'});
		await call('read_file', {path: 'a'});
		const args = {path: 'a', content: 'one\n2\nthree\nfour\n'};
		expect(await prepare('write_file', args)).toMatchObject({
			summary: 'write_file a (+2 −1)',
			permission: {detail: 'a\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n three\n+four\n'},
		});
	});
});
