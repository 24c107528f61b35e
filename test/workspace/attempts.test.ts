import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	existsSync,
	lstatSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
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

async function prepared(files: Files) {
	const root = temporaryRepository(files);
	const workDirectory = path.join(temporaryDirectory('run'), 'work');
	const workspace = createWorkspace({
		directory: root,
		workDirectory,
		run: 'r1',
		environment: process.env,
	});
	const {base} = await workspace.prepare();
	return {root, workDirectory, workspace, base};
}

test('commands in an attempt see a working git of their own', async () => {
	const {root, workspace, base} = await prepared({'a.txt': 'one\n', '.gitignore': '*.log\n'});
	const before = gitDirectoryState(root);
	const {directory} = await workspace.open('t1.1', base);
	expect(git(directory, 'rev-parse', '--show-toplevel').trim()).toBe(directory);
	expect(git(directory, 'status', '--porcelain')).toBe('');
	expect(git(directory, 'log', '--format=%s')).toContain('first');
	writeFiles(directory, {'a.txt': 'two\n', 'b.txt': 'b\n', 'c.log': 'x'});
	expect(git(directory, 'status', '--porcelain')).toBe(' M a.txt\n?? b.txt\n');
	expect(git(directory, 'diff')).toContain('+two');
	git(directory, 'stash', '--quiet');
	git(directory, 'stash', 'pop', '--quiet');
	git(directory, 'commit', '--quiet', '-am', 'theirs');
	expect(gitDirectoryState(root)).toEqual(before);
	expect(await workspace.head()).toBe(base);
});

test('a commit holds all that differs from the base, whatever the attempt did with its git', async () => {
	const {workspace, base} = await prepared({
		'a.txt': 'one\n',
		gone: 'x\n',
		'dir/x': 'x\n',
		file: 'f',
		'run.sh': 'x',
		'moved/x': 'same\n',
	});
	const attempt = await workspace.open('a', base);
	const {directory} = attempt;
	expect(await workspace.commit(attempt, 'nothing')).toBeNull();
	expect(await workspace.diff(attempt, 1000)).toBe('');

	rmSync(path.join(directory, 'gone'));
	rmSync(path.join(directory, 'dir'), {recursive: true});
	rmSync(path.join(directory, 'file'));
	execFileSync('mv', [path.join(directory, 'moved'), path.join(directory, 'elsewhere')]);
	writeFiles(directory, {
		'a.txt': 'one\ntwo\n',
		dir: {link: 'elsewhere'},
		moved: {link: 'elsewhere'},
		'file/inside': 'now a directory\n',
		'bin.dat': Buffer.from([0, 1, 2]),
		'-n\new\tname "': 'odd\n',
	});
	chmodSync(path.join(directory, 'run.sh'), 0o755);
	execFileSync('mkfifo', [path.join(directory, 'pipe')]);
	git(directory, 'commit', '--quiet', '-am', 'their own commit');
	rmSync(path.join(directory, '.git'), {recursive: true});

	const change = await workspace.commit(attempt, 'all of it');
	expect(change).toMatchObject({base});
	expect(change?.files).toEqual([
		{path: '-n\new\tname "', status: 'added', added: 1, removed: 0},
		{path: 'a.txt', status: 'modified', added: 1, removed: 0},
		{path: 'bin.dat', status: 'added', added: 0, removed: 0},
		{path: 'dir', status: 'added', added: 1, removed: 0},
		{path: 'dir/x', status: 'deleted', added: 0, removed: 1},
		{path: 'elsewhere/x', status: 'added', added: 1, removed: 0},
		{path: 'file', status: 'deleted', added: 0, removed: 1},
		{path: 'file/inside', status: 'added', added: 1, removed: 0},
		{path: 'gone', status: 'deleted', added: 0, removed: 1},
		{path: 'moved', status: 'added', added: 1, removed: 0},
		{path: 'moved/x', status: 'deleted', added: 0, removed: 1},
		{path: 'run.sh', status: 'modified', added: 0, removed: 0},
	]);
	rmSync(path.join(directory, 'pipe'));
	const copy = await workspace.open('b', change?.commit ?? '');
	expect(readFiles(copy.directory)).toEqual(readFiles(directory));
	expect(await workspace.commit(attempt, 'all of it')).toEqual(change);
});

test('a diff is cut at a line and says so', async () => {
	const {workspace, base} = await prepared({});
	const attempt = await workspace.open('a', base);
	writeFiles(attempt.directory, {'long.txt': 'line\n'.repeat(50_000)});
	const diff = await workspace.diff(attempt, 2000);
	expect(Buffer.byteLength(diff)).toBeLessThanOrEqual(2000);
	expect(diff).toMatch(/\+line\n… the rest of the diff is left out\n$/);
	expect(await workspace.diff(attempt, 1_000_000)).not.toContain('left out');
});

test('opening a name again starts afresh, removing leaves nothing, and a new process finds the rest', async () => {
	const {root, workDirectory, workspace, base} = await prepared({a: '1'});
	const {directory} = await workspace.open('t1.1', base);
	writeFiles(directory, {a: 'changed', 'locked/file': 'x'});
	chmodSync(path.join(directory, 'locked'), 0o500);
	await workspace.open('t1.1', base);
	expect(readFiles(directory)).toEqual({a: '1'});
	writeFiles(directory, {a: 'kept'});
	await workspace.open('t2.1', base);

	const restarted = createWorkspace({
		directory: root,
		workDirectory,
		run: 'r1',
		environment: process.env,
	});
	const found = await restarted.find('t1.1');
	expect(found).toEqual({directory, base});
	expect(await restarted.find('t3.1')).toBeUndefined();
	expect(await restarted.commit({directory, base}, 'late')).toMatchObject({files: [{path: 'a'}]});

	await restarted.remove('t1.1');
	await restarted.remove('t2.1');
	await restarted.remove('t2.1');
	expect(await restarted.find('t1.1')).toBeUndefined();
	expect(readdirSync(path.join(workDirectory, 'worktrees'))).toEqual([]);
	expect(readdirSync(path.join(workDirectory, 'attempts'))).toEqual([]);
	await expect(restarted.open('../x', base)).rejects.toMatchObject({kind: 'internal'});
});

test('installed dependencies are copied, never linked, and never part of a change', async () => {
	const {root, workDirectory} = await prepared({
		'package.json': '{}',
		'.gitignore': 'node_modules\nvenv\n',
		'packages/a/x': 'x',
		'packages/gone/x': 'x',
	});
	writeFiles(root, {
		'node_modules/dep/index.js': 'exports',
		'node_modules/.bin/tool': {link: '../dep/index.js'},
		'packages/a/node_modules/inner/x': 'x',
		'packages/gone/node_modules/x': 'x',
		'venv/pyvenv.cfg': 'home',
		'vendor/bundle/gem': 'x',
		'one/two/three/node_modules/too-deep': 'x',
	});
	const workspace = createWorkspace({
		directory: root,
		workDirectory,
		run: 'r1',
		environment: process.env,
	});
	const {base} = await workspace.prepare();
	const outside = temporaryDirectory();
	const first = await workspace.open('a', base);
	rmSync(path.join(first.directory, 'packages/gone'), {recursive: true});
	writeFiles(first.directory, {'packages/gone': {link: outside}, '.gitignore': ''});
	expect(readFiles(first.directory)).toMatchObject({
		'node_modules/dep/index.js': 'exports',
		'node_modules/.bin/tool': 'link ../dep/index.js',
		'packages/a/node_modules/inner/x': 'x',
		'venv/pyvenv.cfg': 'home',
		'vendor/bundle/gem': 'x',
	});
	expect(existsSync(path.join(first.directory, 'one'))).toBe(false);
	const [copy, original] = [first.directory, root].map(where =>
		statSync(path.join(where, 'node_modules/dep/index.js')),
	);
	expect(copy?.ino).not.toBe(original?.ino);
	expect(copy?.nlink).toBe(1);

	const change = await workspace.commit(first, 'a link instead of a package');
	expect(change?.files.map(file => file.path)).toEqual([
		'.gitignore',
		'packages/gone',
		'packages/gone/x',
	]);
	const second = await workspace.open('b', change?.commit ?? '');
	expect(lstatSync(path.join(second.directory, 'packages/gone')).isSymbolicLink()).toBe(true);
	expect(readdirSync(outside)).toEqual([]);
});

test('changes merge onto the head in any order, and the same merge is the same commit', async () => {
	const {root, workspace, base} = await prepared({a: '1\n2\n3\n4\n5\n6\n7\n', b: 'b\n', c: 'c\n'});
	const change = async (name: string, files: Files) => {
		const attempt = await workspace.open(name, base);
		writeFiles(attempt.directory, files);
		const made = await workspace.commit(attempt, name);
		if (made === null) {
			throw new Error('nothing changed');
		}

		return made;
	};

	const top = await change('top', {a: 'one\n2\n3\n4\n5\n6\n7\n', new: 'x'});
	const bottom = await change('bottom', {a: '1\n2\n3\n4\n5\n6\nseven\n', b: 'B\n'});
	const rival = await change('rival', {a: 'uno\n2\n3\n4\n5\n6\n7\n', c: 'C\n'});

	const first = await workspace.merge(top, await workspace.head());
	expect(first).toEqual({kind: 'merged', commit: top.commit});
	await workspace.advance(base, top.commit);
	const second = await workspace.merge(bottom, top.commit);
	expect(await workspace.merge(bottom, top.commit)).toEqual(second);
	expect(await workspace.merge(rival, top.commit)).toEqual({kind: 'conflict', paths: ['a']});
	if (second.kind !== 'merged') {
		throw new Error('conflict');
	}

	expect(await workspace.merge(bottom, second.commit)).toEqual(second);
	await workspace.advance(top.commit, second.commit);
	await workspace.advance(top.commit, second.commit);
	await expect(workspace.advance(base, top.commit)).rejects.toMatchObject({kind: 'internal'});
	await workspace.sync();
	expect(await workspace.head()).toBe(second.commit);
	const merged = await workspace.open('merged', second.commit);
	expect(readFiles(merged.directory)).toEqual({
		a: 'one\n2\n3\n4\n5\n6\nseven\n',
		b: 'B\n',
		c: 'c\n',
		new: 'x',
	});
	expect(git(merged.directory, 'log', '--format=%an %s')).toContain('llm-orchestrator bottom');
	expect(git(root, 'for-each-ref')).not.toContain('integration');
});

test('a cancelled workspace rejects with that kind', async () => {
	const root = temporaryRepository({a: '1'});
	const signal = AbortSignal.abort();
	const workDirectory = path.join(temporaryDirectory('run'), 'work');
	const workspace = createWorkspace({
		directory: root,
		workDirectory,
		run: 'r1',
		environment: process.env,
		signal,
	});
	await expect(workspace.prepare()).rejects.toMatchObject({kind: 'cancelled'});
});

test('settings and variables of the person do not reach our git', async () => {
	const root = temporaryRepository({a: '1'});
	const elsewhere = temporaryRepository({b: '2'});
	const trace = path.join(temporaryDirectory(), 'ran');
	writeFileSync(
		path.join(root, '.git/hooks/reference-transaction'),
		`#!/bin/sh\ntouch ${trace}\n`,
		{mode: 0o755},
	);
	git(root, 'config', 'core.hooksPath', path.join(root, '.git/hooks'));
	process.env['GIT_DIR'] = path.join(elsewhere, '.git');
	process.env['GIT_INDEX_FILE'] = '/nonsense';
	try {
		const workDirectory = path.join(temporaryDirectory('run'), 'work');
		const workspace = createWorkspace({
			directory: root,
			workDirectory,
			run: 'r1',
			environment: process.env,
		});
		const {base} = await workspace.prepare();
		const {directory} = await workspace.open('a', base);
		expect(readFiles(directory)).toEqual({a: '1'});
		expect(git(directory, 'rev-parse', 'HEAD~1')).toBe(git(root, 'rev-parse', 'HEAD'));
		expect(existsSync(trace)).toBe(false);
	} finally {
		delete process.env['GIT_DIR'];
		delete process.env['GIT_INDEX_FILE'];
	}
});

test('a part of a repository finds the dependencies that are installed above it', async () => {
	const root = temporaryRepository({
		'.gitignore': 'node_modules\n',
		'packages/foo/t.cjs': "require('dep');\n",
	});
	writeFiles(root, {'node_modules/dep/index.js': ''});
	const workDirectory = path.join(temporaryDirectory('run'), 'work');
	const directory = path.join(root, 'packages/foo');
	const workspace = createWorkspace({
		directory,
		workDirectory,
		run: 'r1',
		environment: process.env,
	});
	const {base} = await workspace.prepare();
	const attempt = await workspace.open('a', base);
	const run = () => execFileSync(process.execPath, ['t.cjs'], {cwd: attempt.directory});
	expect(run).not.toThrow();
});
