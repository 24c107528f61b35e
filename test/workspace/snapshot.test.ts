import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
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

const workspaceFor = (directory: string) => {
	const workDirectory = path.join(temporaryDirectory('run'), 'work');
	return {workspace: createWorkspace({directory, workDirectory, run: 'r1'}), workDirectory};
};

/** What an attempt finds when it starts. */
async function seenByAnAttempt(directory: string): Promise<Record<string, string>> {
	const {workspace} = workspaceFor(directory);
	const {base} = await workspace.prepare();
	const attempt = await workspace.open('a', base);
	return readFiles(attempt.directory);
}

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

describe('a directory that cannot be used', () => {
	const refused = async (directory: string) => {
		const parent = temporaryDirectory('run');
		const workDirectory = path.join(parent, 'work');
		const workspace = createWorkspace({directory, workDirectory, run: 'r1'});
		const failure = await workspace.prepare().then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(existsSync(workDirectory)).toBe(false);
		return failure;
	};

	test('is refused in one sentence, before anything is made', async () => {
		const root = temporaryDirectory();
		writeFiles(root, {file: 'x'});
		git(root, 'init', '--quiet', '--bare', 'bare.git');
		writeFiles(root, {'broken/.git/HEAD': 'nonsense'});
		const cases = {
			missing: /does not exist/,
			file: /is no directory/,
			'file/below': /is no directory/,
			'bare.git': /is a bare git repository/,
			broken: /has a \.git that git cannot read/,
		};
		for (const [name, message] of Object.entries(cases)) {
			const failure = await refused(path.join(root, name));
			expect(failure).toMatchObject({kind: 'bad-request', message: expect.stringMatching(message)});
			expect(failure).toHaveProperty('hint', expect.stringMatching(/./));
		}

		const repository = temporaryRepository({a: '1'});
		expect(await refused(path.join(repository, '.git'))).toMatchObject({
			kind: 'bad-request',
			message: expect.stringContaining('inside a git directory'),
		});
	});

	test('among them a folder of repositories, which would look empty', async () => {
		const root = temporaryDirectory();
		git(root, 'init', '--quiet', 'one');
		writeFiles(root, {'one/a': 'x'});
		const {workspace} = workspaceFor(root);
		await expect(workspace.prepare()).rejects.toMatchObject({
			kind: 'bad-request',
			message: expect.stringContaining('repositories of their own'),
		});
	});

	test('is told apart from a machine without git', async () => {
		const root = temporaryDirectory();
		const path = process.env['PATH'];
		process.env['PATH'] = root;
		try {
			expect(await refused(root)).toMatchObject({
				kind: 'bad-request',
				message: 'The program git was not found',
			});
			writeFiles(root, {git: {executable: '#!/bin/sh\necho git version 2.37.1\n'}});
			expect(await refused(root)).toMatchObject({
				kind: 'bad-request',
				message: 'git 2.37.1 is too old',
			});
		} finally {
			process.env['PATH'] = path;
		}
	});

	test.skipIf(process.getuid?.() === 0)('among them one that is write-protected', async () => {
		const root = temporaryDirectory();
		execFileSync('chmod', ['555', root]);
		expect(await refused(root)).toMatchObject({kind: 'bad-request'});
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
