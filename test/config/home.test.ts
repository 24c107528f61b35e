import {chmod, chown, rmdir, stat, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {locateHome, prepareHome, requireWritable} from '../../source/config/home.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {temporaryHome} from './temporary-home.ts';

describe('the home of all that is kept', () => {
	test('is ~/.llm-orchestrator', () => {
		expect(locateHome({}, '/home/ada')).toEqual({
			directory: '/home/ada/.llm-orchestrator',
			configFile: '/home/ada/.llm-orchestrator/config.json',
			teamsDirectory: '/home/ada/.llm-orchestrator/teams',
			runsDirectory: '/home/ada/.llm-orchestrator/runs',
		});
	});

	test('can be put elsewhere', () => {
		const at = (value: string) => locateHome({LLM_ORCHESTRATOR_HOME: value}, '/home/ada').directory;
		expect(at('/srv/llm')).toBe('/srv/llm');
		expect(at(' /srv/llm/ ')).toBe('/srv/llm');
		expect(at('here')).toBe(path.resolve('here'));
		expect(at('')).toBe('/home/ada/.llm-orchestrator');
		expect(at('  ')).toBe('/home/ada/.llm-orchestrator');
	});

	test.each(['', 'somewhere'])(
		'is not put into the current directory when HOME is "%s"',
		userHome => {
			expect(() => locateHome({}, userHome)).toThrow(
				`your home directory is not an absolute path: "${userHome}"`,
			);
			expect(locateHome({LLM_ORCHESTRATOR_HOME: '/srv/llm'}, userHome).directory).toBe('/srv/llm');
		},
	);

	test('that nothing can be added to is told with the directory, the reason and the way out', async () => {
		const home = await temporaryHome();
		await prepareHome(home);
		await expect(requireWritable(home)).resolves.toBeUndefined();
		await rmdir(home.runsDirectory);
		await symlink('runs', home.runsDirectory);
		await expect(requireWritable(home)).rejects.toMatchObject({
			name: 'UsageError',
			message: expect.stringContaining(`cannot write ${home.runsDirectory}: ELOOP`),
			hint: 'check who owns it, and its permissions',
		});
	});

	test('is made for its owner alone, and may be there already', async () => {
		const home = await temporaryHome();
		await prepareHome(home);
		await prepareHome(home);
		for (const directory of [home.directory, home.teamsDirectory, home.runsDirectory]) {
			expect((await stat(directory)).mode & 0o777).toBe(0o700);
		}
	});

	test.each([0o770, 0o720, 0o702, 0o777])(
		'is refused when other users can write to it (%o), with the command that mends it',
		async mode => {
			const home = await temporaryHome();
			await prepareHome(home);
			await chmod(home.directory, mode);
			await expect(prepareHome(home)).rejects.toMatchObject({
				name: 'UsageError',
				message: `other users can write to ${home.directory}`,
				hint: `run: chmod 700 ${home.directory}`,
			});
		},
	);

	test.skipIf(process.getuid?.() !== 0)('is refused when it belongs to somebody else', async () => {
		const home = await temporaryHome();
		await prepareHome(home);
		await chown(home.directory, 12_345, 12_345);
		await expect(prepareHome(home)).rejects.toMatchObject({
			name: 'UsageError',
			message: `${home.directory} belongs to another user`,
		});
	});

	test('that cannot be made is told with the reason and the way out', async () => {
		const file = path.join(await temporaryDirectory(), 'file');
		await writeFile(file, 'x');
		const home = locateHome({LLM_ORCHESTRATOR_HOME: path.join(file, 'home')}, '/nowhere');
		await expect(prepareHome(home)).rejects.toMatchObject({
			name: 'UsageError',
			message: expect.stringContaining(
				`cannot create ${home.directory}: ${file} is not a directory`,
			),
			hint: expect.stringContaining('LLM_ORCHESTRATOR_HOME'),
		});
	});
});
