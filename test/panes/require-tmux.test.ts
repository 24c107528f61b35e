import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {requireSplitView} from '../../source/commands/views/show-in-tmux.ts';
import {requireTmux} from '../../source/commands/views/open-panes.ts';
import {UsageError} from '../../source/core/usage-error.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

describe('a split view', () => {
	test('needs a tmux', async () => {
		const problem = requireTmux({environment: {PATH: await temporaryDirectory()}});
		await expect(problem).rejects.toThrow(
			new UsageError('tmux was not found', 'install tmux 3.2 or newer, or use --ui tui'),
		);
	});

	test.each(['tmux 3.1c', 'tmux 2.9a', 'tmux 1.8'])('refuses %s', async version => {
		const problem = requireTmux({environment: await pathWith(version)});
		await expect(problem).rejects.toThrow(`${version} is too old for a split view`);
	});

	test.each(['tmux 3.2', 'tmux 3.3a', 'tmux 3.10', 'tmux next-3.7', 'tmux 4.0', 'tmux master'])(
		'takes %s',
		async version => {
			await requireTmux({environment: await pathWith(version)});
			expect(version).toContain('tmux');
		},
	);

	test('of iTerm2 needs iTerm2', async () => {
		const environment = await pathWith('tmux 3.5');
		const refused = requireSplitView('iterm2', {
			environment: {...environment, TERM_PROGRAM: 'Apple_Terminal'},
		});
		await expect(refused).rejects.toThrow('this terminal is not iTerm2');
		await requireSplitView('iterm2', {environment: {...environment, TERM_PROGRAM: 'iTerm.app'}});
		await requireSplitView('iterm2', {environment: {...environment, LC_TERMINAL: 'iTerm2'}});
		await requireSplitView('tmux', {environment});
	});
});

/** A path on which a tmux of that version is found. */
async function pathWith(version: string) {
	const directory = await temporaryDirectory();
	const program = path.join(directory, 'tmux');
	await writeFile(program, `#!/bin/sh\necho '${version}'\n`);
	await chmod(program, 0o755);
	return {PATH: directory};
}
