import {
	chmodSync,
	existsSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createWorkspace} from '../../source/workspace/create-workspace.ts';
import type {DeliveryPlan} from '../../source/workspace/workspace.ts';
import type {Files} from '../helpers/repository.ts';
import {
	git,
	gitDirectoryState,
	readFiles,
	temporaryDirectory,
	temporaryRepository,
	writeFiles,
} from '../helpers/repository.ts';

type Edit = (directory: string) => void;

/** A run up to its delivery: the directory as it was, and one change of it. */
async function finished(root: string, edit: Edit) {
	const runDirectory = temporaryDirectory('run');
	const options = {directory: root, workDirectory: path.join(runDirectory, 'work'), run: 'r1'};
	const workspace = createWorkspace(options);
	const {base} = await workspace.prepare();
	const attempt = await workspace.open('a', base);
	edit(attempt.directory);
	const change = await workspace.commit(attempt, 'work');
	const head = change?.commit ?? base;
	return {
		workspace,
		runDirectory,
		base,
		head,
		result: readFiles(attempt.directory),
		plan: () => workspace.planDelivery(base, head),
		deliver: (plan: DeliveryPlan) => workspace.deliver(base, head, plan),
		restarted: createWorkspace(options),
	};
}

const plainFolder = (files: Files): string => {
	const root = temporaryDirectory();
	writeFiles(root, files);
	return root;
};

const start: Files = {
	'a.txt': 'one\ntwo\nthree\nfour\nfive\n',
	gone: 'x',
	'run.sh': {executable: 'x'},
	link: {link: 'a.txt'},
	'file-to-dir': 'f',
	'dir-to-file/x': 'x',
	'dir-to-link/deep/x': 'x',
	'crlf.txt': '1\r\n2\r\n',
};

const edit: Edit = directory => {
	for (const name of ['gone', 'file-to-dir', 'dir-to-file', 'dir-to-link', 'link']) {
		rmSync(path.join(directory, name), {recursive: true});
	}

	writeFiles(directory, {
		'a.txt': 'ONE\ntwo\nthree\nfour\nfive\n',
		'new/deep/file': 'new',
		'tool.sh': {executable: 'tool'},
		'file-to-dir/inside': 'i',
		'dir-to-file': 'now a file',
		'dir-to-link': {link: 'a.txt'},
		link: {link: '/etc/passwd'},
		'bin.dat': Buffer.from([0, 200, 13, 10]),
		'-odd\n"name': 'odd',
		'crlf.txt': '1\r\n2\r\n3\r\n',
	});
	chmodSync(path.join(directory, 'run.sh'), 0o644);
};

const makers = {git: temporaryRepository, plain: plainFolder};

describe.each(['git', 'plain'] as const)('the change of a %s directory', kind => {
	const make = makers[kind];

	test('is written into it, once, and can be taken back exactly', async () => {
		const root = make(start);
		writeFiles(root, {'untracked.txt': 'mine', '.env': 'x'});
		const before = readFiles(root);
		const repositoryBefore = kind === 'git' ? gitDirectoryState(root) : {};
		const run = await finished(root, edit);
		const plan = await run.plan();
		expect(plan).toMatchObject({mode: 'apply'});
		expect(plan.reason).toBeUndefined();

		const delivered = await run.deliver(plan);
		expect(delivered).toEqual({mode: 'apply', files: plan.paths.map(({path: name}) => name)});
		expect(readFiles(root)).toEqual(run.result);
		const first = statSync(path.join(root, 'a.txt'));
		expect(await run.restarted.deliver(run.base, run.head, plan)).toEqual(delivered);
		expect(statSync(path.join(root, 'a.txt')).ino).toBe(first.ino);

		const undone = await run.restarted.undo(plan.paths);
		expect(undone).toEqual({files: [...delivered.files].sort(), kept: []});
		expect(readFiles(root)).toEqual(before);
		expect(existsSync(path.join(root, 'new'))).toBe(false);
		expect(await run.restarted.undo(plan.paths)).toEqual({files: [], kept: []});
		expect(kind === 'git' ? gitDirectoryState(root) : {}).toEqual(repositoryBefore);
	});

	test('goes on where a crash left it, and clears up', async () => {
		const root = make(start);
		const run = await finished(root, edit);
		const plan = await run.plan();
		writeFiles(root, {
			'a.txt': 'ONE\ntwo\nthree\nfour\nfive\n',
			'bin.dat': Buffer.from([0, 200, 13, 10]),
		});
		rmSync(path.join(root, 'file-to-dir'));
		await run.deliver(plan);
		expect(readFiles(root)).toEqual(run.result);
	});

	test('stops before the first write when a file changed after the plan', async () => {
		const root = make(start);
		const run = await finished(root, edit);
		const plan = await run.plan();
		writeFiles(root, {gone: 'edited'});
		const before = readFiles(root);
		await expect(run.deliver(plan)).rejects.toMatchObject({
			kind: 'merge-conflict',
			message: expect.stringContaining('gone'),
		});
		expect(readFiles(root)).toEqual(before);
	});

	test('keeps the mode of a file', async () => {
		const root = make(start);
		chmodSync(path.join(root, 'a.txt'), 0o640);
		const run = await finished(root, edit);
		await run.deliver(await run.plan());
		expect(statSync(path.join(root, 'a.txt')).mode & 0o777).toBe(0o640);
		expect(statSync(path.join(root, 'run.sh')).mode & 0o111).toBe(0);
	});

	test('undone after later edits, keeps them', async () => {
		const root = make({...start, 'b.txt': 'b\n'});
		const run = await finished(root, directory => {
			edit(directory);
			writeFiles(directory, {'b.txt': 'B\n'});
		});
		const plan = await run.plan();
		await run.deliver(plan);
		writeFiles(root, {
			'a.txt': 'ONE\ntwo\nthree\nfour\nfive and more\n',
			'b.txt': 'B, edited\n',
			'bin.dat': Buffer.from([0, 9]),
			'new/deep/beside': 'mine',
		});
		rmSync(path.join(root, 'crlf.txt'));
		const {files, kept} = await run.workspace.undo(plan.paths);
		expect(kept).toEqual(['b.txt', 'bin.dat', 'crlf.txt']);
		expect(files).toContain('a.txt');
		expect(readFiles(root)).toMatchObject({
			'a.txt': 'one\ntwo\nthree\nfour\nfive and more\n',
			'b.txt': 'B, edited\n',
			'new/deep/beside': 'mine',
			gone: 'x',
		});
		expect(existsSync(path.join(root, 'new/deep/file'))).toBe(false);
	});
});

test.each<['git' | 'plain', string, Edit]>([
	['git', 'an edit', root => writeFiles(root, {'a.txt': 'mine\n'})],
	['plain', 'a deletion', root => rmSync(path.join(root, 'a.txt'))],
	['git', 'a new file in its place', root => writeFiles(root, {'new/deep/file': 'mine'})],
	['plain', 'a link in the way', root => symlinkSync('/tmp', path.join(root, 'new'))],
	[
		'plain',
		'a file that would be lost with its directory',
		root => writeFiles(root, {'dir-to-file/y': 'mine'}),
	],
	['git', 'a directory in the way', root => writeFiles(root, {'bin.dat/x': 'mine'})],
])('the change of a %s directory is not written over %s', async (kind, _, meddle) => {
	const make = makers[kind];
	const root = make(start);
	const run = await finished(root, edit);
	meddle(root);
	const before = readFiles(root);
	const plan = await run.plan();
	expect(plan.mode).not.toBe('apply');
	const delivered = await run.deliver(plan);
	expect(readFiles(root)).toEqual(before);
	expect(delivered.mode).toBe(plan.mode);
	expect(await run.restarted.deliver(run.base, run.head, plan)).toEqual(delivered);
	expect(delivered.target).toBeDefined();
	if (delivered.mode === 'patch') {
		const fresh = make(start);
		git(fresh, 'apply', '--whitespace=nowarn', delivered.target ?? '');
		expect(readFiles(fresh)).toEqual(run.result);
	}
});

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

test('any change of any tree is delivered and taken back exactly', async () => {
	const name = fc.constantFrom('a', 'b', 'a/c', 'a/d', 'b/c/e', 'x.txt', 'é', '-f');
	const content = fc.oneof(
		fc.constantFrom('', 'x', 'one\ntwo\n', 'one\r\n'),
		fc.constantFrom('a', 'nowhere').map(link => ({link})),
		fc.constantFrom('run').map(executable => ({executable})),
	);
	const tree = fc
		.dictionary(name, content, {maxKeys: 6})
		.map(files =>
			Object.fromEntries(
				Object.entries(files).filter(
					([file]) => !Object.keys(files).some(other => file.startsWith(`${other}/`)),
				),
			),
		);
	await fc.assert(
		fc.asyncProperty(tree, tree, async (from, to) => {
			const root = plainFolder(from);
			const before = readFiles(root);
			const run = await finished(root, directory => {
				for (const file of readdirSync(directory).filter(file => file !== '.git')) {
					rmSync(path.join(directory, file), {recursive: true});
				}

				writeFiles(directory, to);
			});
			const plan = await run.plan();
			expect(plan.mode).toBe('apply');
			await run.deliver(plan);
			expect(readFiles(root)).toEqual(run.result);
			expect((await run.workspace.undo(plan.paths)).kept).toEqual([]);
			expect(readFiles(root)).toEqual(before);
		}),
		{numRuns: 8},
	);
});
