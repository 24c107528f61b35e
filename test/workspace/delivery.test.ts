import {chmodSync, existsSync, readdirSync, rmSync, statSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Files} from '../helpers/repository.ts';
import {
	git,
	gitDirectoryState,
	readFiles,
	temporaryDirectory,
	temporaryRepository,
	writeFiles,
} from '../helpers/repository.ts';
import {finished, type Edit} from './finished-work.ts';

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

	test('is written into it, once, and can be undone exactly', async () => {
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

test('any change of any tree is delivered and undone exactly', async () => {
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
