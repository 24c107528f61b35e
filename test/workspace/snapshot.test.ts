import {existsSync, readFileSync, utimesSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {createWorkspace} from '../../source/workspace/create-workspace.ts';
import type {Files} from '../helpers/repository.ts';
import {
	git,
	gitDirectoryState,
	readFiles,
	temporaryDirectory,
	temporaryRepository,
	writeFiles,
} from '../helpers/repository.ts';
import {seenByAnAttempt, workspaceFor} from './seen-directory.ts';

const unusual: Files = {
	'new\nline.txt': 'a',
	'quote"\'s.txt': 'b',
	'ünï — 文.txt': 'c',
	'-rf': 'd',
	':(top)x': 'e',
	'tab\there': 'f',
	' lead and trail ': 'g',
	'*.glob?[a]': 'h',
	'back\\slash': 'i',
	empty: '',
	'run.sh': {executable: '#!/bin/sh\n'},
	link: {link: 'empty'},
	dangling: {link: '/nowhere/at all'},
	out: {link: '/etc'},
	'binary.bin': Buffer.from([0, 255, 13, 10, 0, 1]),
	'crlf.txt': 'one\r\ntwo\r\n',
	'mixed.txt': 'one\r\ntwo\nthree\r',
	'big.bin': Buffer.alloc(3_000_000, 'x'),
	'deep/er/file': 'z',
};

describe.each(['git', 'plain'] as const)('a %s directory', kind => {
	const make = (files: Files) => {
		if (kind === 'git') {
			return temporaryRepository(files);
		}

		const root = temporaryDirectory();
		writeFiles(root, files);
		return root;
	};

	test('reaches an attempt byte by byte, whatever the names and contents', async () => {
		const root = make(unusual);
		expect(await seenByAnAttempt(root)).toEqual(readFiles(root));
	});

	test('is not touched by a snapshot', async () => {
		const root = make(unusual);
		writeFiles(root, {'later.txt': 'untracked'});
		const before = {files: readFiles(root), git: kind === 'git' ? gitDirectoryState(root) : {}};
		const {workspace} = workspaceFor(root);
		const snapshot = await workspace.prepare();
		const attempt = await workspace.open('a', snapshot.base);
		writeFiles(attempt.directory, {'later.txt': 'changed', 'new.txt': 'new'});
		await workspace.commit(attempt, 'work');
		expect(snapshot).toMatchObject({kind, files: Object.keys(unusual).length + 1});
		expect({files: readFiles(root), git: kind === 'git' ? gitDirectoryState(root) : {}}).toEqual(
			before,
		);
	});

	test('that is empty gives an empty attempt', async () => {
		const root = make({});
		expect(await seenByAnAttempt(root)).toEqual({});
	});

	test('keeps ignored files, dependencies and our own folders to itself', async () => {
		const root = make({'.gitignore': '.env\nbuild/\n', 'a.txt': 'a'});
		writeFiles(root, {
			'.env': 'SECRET=1',
			'build/out': 'x',
			'sub/__pycache__/m.pyc': 'x',
			'.llm-orchestrator/config': 'x',
		});
		expect(Object.keys(await seenByAnAttempt(root)).sort()).toEqual(['.gitignore', 'a.txt']);
	});

	test('may hold the work directory itself', async () => {
		const root = make({'a.txt': 'a'});
		const workspace = createWorkspace({
			directory: root,
			workDirectory: path.join(root, 'my runs/r1'),
			run: 'r1',
			environment: process.env,
		});
		expect(await workspace.prepare()).toMatchObject({files: 1});
		expect(await workspace.prepare()).toMatchObject({files: 1});
	});

	test('with conversion attributes is taken over without conversion, running no filter', async () => {
		const root = make({});
		const trace = path.join(temporaryDirectory(), 'ran');
		writeFiles(root, {
			'.gitattributes': '*.txt text eol=crlf\n*.dat filter=evil diff=evil merge=evil\n*.id ident\n',
			'a.txt': 'one\ntwo\r\n',
			'b.dat': 'data',
			'c.id': '$Id$',
		});
		// Old enough that git trusts its index about them.
		for (const name of ['a.txt', 'c.id']) {
			utimesSync(path.join(root, name), 1_000_000, 1_000_000);
		}

		if (kind === 'git') {
			git(root, 'add', '--all');
			git(root, 'commit', '--quiet', '--message=attributes');
			for (const key of [
				'filter.evil.clean',
				'filter.evil.smudge',
				'filter.evil.process',
				'diff.evil.command',
				'diff.evil.textconv',
				'merge.evil.driver',
				'core.fsmonitor',
			]) {
				git(root, 'config', key, `touch ${trace}; cat`);
			}
		}

		writeFiles(root, {'b.dat': 'other'});
		const {workspace} = workspaceFor(root);
		const {base} = await workspace.prepare();
		const attempt = await workspace.open('a', base);
		expect(readFiles(attempt.directory)).toEqual(readFiles(root));
		writeFiles(attempt.directory, {'a.txt': 'one\ntwo\r\nthree\r\n', 'b.dat': 'mine'});
		const change = await workspace.commit(attempt, 'work');
		expect(change?.files.map(file => file.path)).toEqual(['a.txt', 'b.dat']);
		await workspace.diff(attempt, 10_000);
		const plan = await workspace.planDelivery(base, change?.commit ?? '');
		await workspace.deliver(base, change?.commit ?? '', plan);
		expect(readFiles(root)).toEqual(readFiles(attempt.directory));
		expect(existsSync(trace)).toBe(false);
	});
});

test.each(['git', 'plain'])('preparing a %s directory twice gives the same commit', async kind => {
	const root = kind === 'git' ? temporaryRepository({a: '1'}) : temporaryDirectory();
	writeFiles(root, {a: '1'});
	writeFiles(root, {b: '2'});
	const first = await workspaceFor(root).workspace.prepare();
	utimesSync(path.join(root, 'a'), 1, 1);
	const {workspace} = workspaceFor(root);
	expect(await workspace.prepare()).toEqual(first);
	expect(await workspace.prepare()).toEqual(first);
	expect(await workspace.head()).toBe(first.base);
	expect(readFileSync(path.join(root, 'b'), 'utf8')).toBe('2');
});
