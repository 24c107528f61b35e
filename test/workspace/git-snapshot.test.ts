import {existsSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {
	git,
	gitDirectoryState,
	readFiles,
	temporaryDirectory,
	temporaryRepository,
	writeFiles,
} from '../helpers/repository.ts';
import {seenByAnAttempt, workspaceFor} from './seen-directory.ts';

describe('a git directory', () => {
	test('gives uncommitted, staged, deleted and untracked files as they are on disk', async () => {
		const root = temporaryRepository({a: '1', b: '2', c: '3', d: '4'});
		writeFiles(root, {a: 'changed', b: 'staged', e: 'untracked'});
		git(root, 'add', 'b');
		writeFiles(root, {b: 'staged, then changed'});
		rmSync(path.join(root, 'c'));
		git(root, 'rm', '--quiet', '--cached', 'd');
		expect(await seenByAnAttempt(root)).toEqual(readFiles(root));
	});

	test('notices a change in the very moment after the index was written', async () => {
		for (let round = 0; round < 5; round++) {
			const root = temporaryRepository({a: 'old'});
			writeFileSync(path.join(root, 'a'), 'new');
			expect(await seenByAnAttempt(root)).toEqual({a: 'new'});
		}
	});

	test('keeps tracked files that a rule ignores', async () => {
		const root = temporaryRepository({a: '1', 'keep.log': 'log'});
		writeFiles(root, {'.gitignore': '*.log\n', 'drop.log': 'x'});
		expect(Object.keys(await seenByAnAttempt(root)).sort()).toEqual([
			'.gitignore',
			'a',
			'keep.log',
		]);
		git(root, 'update-index', '--assume-unchanged', 'a');
		writeFiles(root, {a: 'hidden change'});
		expect(await seenByAnAttempt(root)).toMatchObject({a: 'hidden change', 'keep.log': 'log'});
	});

	test('obeys the rules in info/exclude', async () => {
		const root = temporaryRepository({a: '1'});
		writeFileSync(path.join(root, '.git/info/exclude'), 'private\n');
		writeFiles(root, {private: 'x', b: '2'});
		expect(Object.keys(await seenByAnAttempt(root)).sort()).toEqual(['a', 'b']);
	});

	test('works before the first commit, detached, in the middle of a merge, and with sha256', async () => {
		const unborn = temporaryDirectory();
		git(unborn, 'init', '--quiet');
		writeFiles(unborn, {a: '1'});
		expect(await seenByAnAttempt(unborn)).toEqual({a: '1'});

		const detached = temporaryRepository({a: '1'});
		git(detached, 'checkout', '--quiet', '--detach');
		expect(await seenByAnAttempt(detached)).toEqual({a: '1'});

		const merging = temporaryRepository({a: '1', b: 'same', gone: 'x'});
		git(merging, 'checkout', '--quiet', '-b', 'other');
		writeFiles(merging, {a: '2', gone: 'y'});
		git(merging, 'commit', '--quiet', '-am', 'two');
		git(merging, 'checkout', '--quiet', 'main');
		writeFiles(merging, {a: '3'});
		git(merging, 'rm', '--quiet', 'gone');
		git(merging, 'commit', '--quiet', '-am', 'three');
		expect(() => git(merging, 'merge', 'other')).toThrow();
		rmSync(path.join(merging, 'gone'));
		expect(await seenByAnAttempt(merging)).toEqual(readFiles(merging));

		const modern = temporaryRepository({a: '1'}, '--object-format=sha256');
		expect(await seenByAnAttempt(modern)).toEqual({a: '1'});
	});

	test('works as a linked worktree, sparse, split-indexed and shallow', async () => {
		const root = temporaryRepository({'a/1': '1', 'b/2': '2'});
		const linked = path.join(temporaryDirectory(), 'linked');
		git(root, 'worktree', 'add', '--quiet', linked);
		writeFiles(linked, {'a/1': 'changed'});
		expect(await seenByAnAttempt(linked)).toEqual({'a/1': 'changed', 'b/2': '2'});

		const shallow = path.join(temporaryDirectory(), 'shallow');
		writeFiles(root, {'c/3': '3'});
		git(root, 'add', '-A');
		git(root, 'commit', '--quiet', '-m', 'second');
		git(root, 'clone', '--quiet', '--depth=1', `file://${root}`, shallow);
		const {workspace} = workspaceFor(shallow);
		const {base} = await workspace.prepare();
		const attempt = await workspace.open('a', base);
		expect(git(attempt.directory, 'log', '--format=%s').trim().split('\n')).toHaveLength(2);

		git(root, 'update-index', '--split-index');
		expect(await seenByAnAttempt(root)).toEqual(readFiles(root));

		const sparse = temporaryRepository({'a/1': '1', 'b/2': '2', c: '3'});
		git(sparse, 'sparse-checkout', 'set', '--sparse-index', 'a');
		expect(existsSync(path.join(sparse, 'b'))).toBe(false);
		expect(await seenByAnAttempt(sparse)).toEqual({'a/1': '1', c: '3'});
	});

	test('leaves submodules and repositories inside alone and never runs their settings', async () => {
		const inner = temporaryRepository({x: 'inner'});
		const root = temporaryRepository({a: '1'});
		git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'module');
		git(root, 'commit', '--quiet', '-m', 'module');
		writeFiles(root, {'module/x': 'dirty'});
		git(root, 'init', '--quiet', 'nested');
		writeFiles(root, {'nested/file': 'x'});
		const trace = path.join(temporaryDirectory(), 'ran');
		git(path.join(root, 'module'), 'config', 'core.fsmonitor', `touch ${trace}; false`);

		const {workspace} = workspaceFor(root);
		const {base} = await workspace.prepare();
		const attempt = await workspace.open('a', base);
		expect(Object.keys(readFiles(attempt.directory)).sort()).toEqual(['.gitmodules', 'a']);

		git(attempt.directory, 'init', '--quiet', 'module');
		git(path.join(attempt.directory, 'module'), 'commit', '--quiet', '--allow-empty', '-m', 'x');
		git(
			path.join(attempt.directory, 'module'),
			'config',
			'core.fsmonitor',
			`touch ${trace}; false`,
		);
		git(attempt.directory, 'init', '--quiet', 'fresh');
		writeFiles(attempt.directory, {b: '2', 'fresh/file': 'x'});
		await expect(workspace.commit(attempt, 'work')).rejects.toThrow(
			'fresh/ is a git repository of its own, so its files would be lost',
		);
		rmSync(path.join(attempt.directory, 'fresh'), {recursive: true});
		const change = await workspace.commit(attempt, 'work');
		expect(change?.files).toEqual([{path: 'b', status: 'added', added: 1, removed: 0}]);
		const entryOf = (commit: string) => git(attempt.directory, 'ls-tree', commit, 'module');
		expect(entryOf(base)).toContain('commit');
		expect(entryOf(change?.commit ?? '')).toBe(entryOf(base));
		expect(await workspace.diff(attempt, 1000)).toContain('+2');
		expect(existsSync(trace)).toBe(false);
	});
});

describe('a part of a repository', () => {
	test('is a workspace of its own, under the rules of the directories above', async () => {
		const root = temporaryRepository({
			'.gitignore':
				'*.log\n/packages/one/dist\npackages/*/cache\nonly-here/\n/packages/two\npackages/two/untracked\n',
			'packages/.gitignore': 'one/tmp\n',
			'packages/one/a': '1',
			'packages/two/b': '2',
		});
		const part = path.join(root, 'packages/one');
		writeFiles(part, {
			'dist/x': 'x',
			'cache/x': 'x',
			'tmp/x': 'x',
			'deep/only-here/x': 'x',
			'x.log': 'x',
			untracked: 'u',
			two: 'not the other package',
		});
		const before = gitDirectoryState(root);
		const {workspace} = workspaceFor(part);
		const {base, kind} = await workspace.prepare();
		const attempt = await workspace.open('a', base);
		expect(kind).toBe('git');
		expect(readFiles(attempt.directory)).toEqual({
			a: '1',
			untracked: 'u',
			two: 'not the other package',
		});
		writeFiles(attempt.directory, {'dist/y': 'y', 'new.log': 'x', b: 'b'});
		const change = await workspace.commit(attempt, 'work');
		expect(change?.files.map(file => file.path)).toEqual(['b']);
		expect(gitDirectoryState(root)).toEqual(before);
	});
});
