import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {createWorkspace} from '../../source/workspace/create-workspace.ts';
import {git, temporaryDirectory, temporaryRepository, writeFiles} from '../helpers/repository.ts';
import {workspaceFor} from './seen-directory.ts';

describe('a directory that cannot be used', () => {
	const refused = async (directory: string) => {
		const parent = temporaryDirectory('run');
		const workDirectory = path.join(parent, 'work');
		const workspace = createWorkspace({
			directory,
			workDirectory,
			run: 'r1',
			environment: process.env,
		});
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
			file: /is not a directory/,
			'file/below': /is not a directory/,
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
			message: expect.stringContaining('only other git repositories'),
		});
	});

	test('is told apart from a machine without git', async () => {
		const root = temporaryDirectory();
		const path = process.env['PATH'];
		process.env['PATH'] = root;
		try {
			expect(await refused(root)).toMatchObject({
				kind: 'bad-request',
				message: 'git was not found',
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
