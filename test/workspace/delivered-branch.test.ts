import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {
	git,
	readFiles,
	temporaryDirectory,
	temporaryRepository,
	writeFiles,
} from '../helpers/repository.ts';
import {finished} from './finished-work.ts';

describe('a delivery as a branch', () => {
	test('holds the change on HEAD and nothing that was uncommitted', async () => {
		const root = temporaryRepository({'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n'});
		writeFiles(root, {'.env': 'SECRET=1\n', 'c.txt': 'uncommitted\n'});
		const run = await finished(root, directory => {
			writeFiles(directory, {'a.txt': 'A\n', 'new.txt': 'new\n'});
		});
		writeFiles(root, {'a.txt': 'a\n', 'b.txt': 'moved on\n'});
		git(root, 'commit', '--quiet', '-m', 'second', '--', 'b.txt');
		writeFiles(root, {'new.txt': 'in the way'});
		const before = readFiles(root);
		const plan = await run.plan();
		expect(plan).toMatchObject({mode: 'branch', reason: expect.stringContaining('new.txt')});
		const delivered = await run.deliver(plan);
		expect(delivered).toEqual({
			mode: 'branch',
			files: ['a.txt', 'new.txt'],
			target: 'llm-orchestrator/r1',
		});
		expect(readFiles(root)).toEqual(before);
		expect(git(root, 'ls-tree', '-r', '--name-only', 'llm-orchestrator/r1')).toBe(
			'a.txt\nb.txt\nc.txt\nnew.txt\n',
		);
		expect(git(root, 'show', 'llm-orchestrator/r1:c.txt')).toBe('c\n');
		expect(git(root, 'show', 'llm-orchestrator/r1:b.txt')).toBe('moved on\n');
		expect(git(root, 'rev-parse', 'llm-orchestrator/r1~1')).toBe(git(root, 'rev-parse', 'HEAD'));
		expect(await run.restarted.deliver(run.base, run.head, plan)).toEqual(delivered);

		rmSync(run.runDirectory, {recursive: true});
		expect(git(root, 'log', '--format=%s', 'llm-orchestrator/r1')).toContain('first');
		expect(git(root, 'fsck', '--full')).not.toMatch(/missing|broken/);
		expect(git(root, 'for-each-ref', '--format=%(refname)')).toBe(
			'refs/heads/llm-orchestrator/r1\nrefs/heads/main\n',
		);
	});

	test('works for a part of a repository, leaving the rest', async () => {
		const root = temporaryRepository({
			'top.txt': 'top\n',
			'packages/one/a': 'a\n',
			'packages/two/b': 'b\n',
		});
		const part = path.join(root, 'packages/one');
		const run = await finished(part, directory =>
			writeFiles(directory, {a: 'A\n', 'x/new': 'new\n'}),
		);
		writeFiles(part, {a: 'mine\n'});
		const plan = await run.plan();
		expect(plan.mode).toBe('branch');
		await run.deliver(plan);
		const branch = 'llm-orchestrator/r1';
		expect(git(root, 'ls-tree', '-r', '--name-only', branch)).toBe(
			'packages/one/a\npackages/one/x/new\npackages/two/b\ntop.txt\n',
		);
		expect(git(root, 'diff', '--name-only', `main..${branch}`)).toBe(
			'packages/one/a\npackages/one/x/new\n',
		);
		expect(git(root, 'fsck')).not.toMatch(/missing|broken|error/);
	});

	test('never moves a branch of that name that is somebody else’s', async () => {
		const root = temporaryRepository({a: 'a\n'});
		git(root, 'branch', 'llm-orchestrator/r1');
		const run = await finished(root, directory => writeFiles(directory, {a: 'A\n'}));
		writeFiles(root, {a: 'mine\n'});
		const delivered = await run.deliver(await run.plan());
		expect(delivered.target).toBe('llm-orchestrator/r1-2');
		expect(git(root, 'rev-parse', 'llm-orchestrator/r1')).toBe(git(root, 'rev-parse', 'main'));
	});

	test('works from a shallow clone', async () => {
		const origin = temporaryRepository({a: 'a\n'});
		writeFiles(origin, {b: 'b\n'});
		git(origin, 'add', '-A');
		git(origin, 'commit', '--quiet', '-m', 'second');
		const root = path.join(temporaryDirectory(), 'clone');
		git(origin, 'clone', '--quiet', '--depth=1', `file://${origin}`, root);
		const run = await finished(root, directory => writeFiles(directory, {a: 'A\n'}));
		writeFiles(root, {a: 'mine\n'});
		expect(await run.deliver(await run.plan())).toMatchObject({mode: 'branch'});
		expect(git(root, 'show', 'llm-orchestrator/r1:a')).toBe('A\n');
	});

	test('becomes a patch where it conflicts with HEAD, or there is none', async () => {
		const root = temporaryRepository({a: 'a\n'});
		writeFiles(root, {notes: 'uncommitted\n'});
		const run = await finished(root, directory => writeFiles(directory, {notes: 'changed\n'}));
		writeFiles(root, {notes: 'mine\n'});
		const plan = await run.plan();
		expect(plan).toMatchObject({
			mode: 'patch',
			reason: expect.stringContaining('conflicts with HEAD in notes'),
		});
		const delivered = await run.deliver(plan);
		expect(delivered.target).toBe(path.join(run.runDirectory, 'r1.patch'));
		expect(readFileSync(delivered.target ?? '', 'utf8')).toContain('+changed');
		expect(readdirSync(run.runDirectory).sort()).toEqual(['r1.patch', 'work']);

		const unborn = temporaryDirectory();
		git(unborn, 'init', '--quiet');
		writeFiles(unborn, {a: 'a\n'});
		const other = await finished(unborn, directory => writeFiles(directory, {a: 'A\n'}));
		writeFiles(unborn, {a: 'mine\n'});
		expect(await other.plan()).toMatchObject({mode: 'patch'});
	});

	test('of a part of a repository applies there, although git skips paths from elsewhere', async () => {
		const root = temporaryRepository({'top.txt': 'top\n'});
		const part = path.join(root, 'packages/one');
		const lines = Array.from({length: 20}, (_, index) => `line ${index}\n`);
		writeFiles(part, {notes: lines.join('')});
		const run = await finished(part, directory =>
			writeFiles(directory, {notes: `${lines.join('')}ours\n`, 'x/new': 'new\n'}),
		);
		writeFiles(part, {notes: `mine\n${lines.slice(1).join('')}`});
		const plan = await run.plan();
		expect(plan.mode).toBe('patch');
		const {target = ''} = await run.deliver(plan);
		git(part, 'apply', target);
		const notes = readFileSync(path.join(part, 'notes'), 'utf8');
		expect(notes).toBe(`mine\n${lines.slice(1).join('')}ours\n`);
		expect(readFileSync(path.join(part, 'x/new'), 'utf8')).toBe('new\n');
	});

	test('runs no hook of the person', async () => {
		const root = temporaryRepository({a: 'a\n'});
		const trace = path.join(temporaryDirectory(), 'ran');
		for (const hook of ['reference-transaction', 'post-merge', 'post-checkout', 'update']) {
			writeFileSync(path.join(root, '.git/hooks', hook), `#!/bin/sh\ntouch ${trace}\n`, {
				mode: 0o755,
			});
		}

		const run = await finished(root, directory => writeFiles(directory, {a: 'A\n'}));
		writeFiles(root, {a: 'mine\n'});
		expect(await run.deliver(await run.plan())).toMatchObject({mode: 'branch'});
		expect(existsSync(trace)).toBe(false);
		git(root, 'branch', 'proof');
		expect(existsSync(trace)).toBe(true);
	});
});
