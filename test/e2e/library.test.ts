import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {startProgram} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const library = fileURLToPath(new URL('../../examples/library.ts', import.meta.url));
const follow = fileURLToPath(new URL('../../examples/follow.ts', import.meta.url));

test('a program of your own replaces provider, store, sandbox, tools and clock', async () => {
	const directory = await temporaryDirectory();
	const {stdout} = await execa(process.execPath, [library, directory]);
	expect(stdout.split('\n')).toEqual([
		'2030-01-01T12:00:00.000Z  call-0  2030-01-01T12:00:00.000Z',
		expect.stringMatching(/^2030-01-01T12:00:00.000Z {2}call-1 {2}Created greeting.txt/),
		'2030-01-01T12:00:00.000Z  call-2  Finished.',
		'completed: greeting.txt',
		'checks: test -s greeting.txt',
	]);
	expect(await readFile(path.join(directory, 'greeting.txt'), 'utf8')).toBe(
		'Hello from a library\n',
	);
});

test('a program of your own follows a run of another process and approves its plan', async () => {
	const home = await temporaryDirectory();
	const directory = path.join(home, 'project');
	await mkdir(directory);
	await createScriptedTeam(home, threeFilesTeam);
	const environment = {LLM_ORCHESTRATOR_HOME: path.join(home, '.llm-orchestrator')};
	const followRun = async () =>
		execa(process.execPath, [follow], {env: environment, reject: false});

	expect(await followRun()).toMatchObject({
		exitCode: 2,
		stderr: 'there are no runs yet; start one: llm-orchestrator demo',
	});
	const run = startProgram(
		['run', 'team', 'write', '--json', '--approve', 'ask', '--permission', 'all'],
		{home, directory},
	);
	await run.waitFor('approval-requested');
	const {stdout} = await followRun();
	expect((await run.ended).code).toBe(0);
	const lines = stdout.split('\n');
	expect(lines).toContain('approve plan-1: taken');
	expect(lines.at(-1)).toMatch(/^completed: /);
	const numbers = lines.flatMap(line => /^(\d+) /.exec(line)?.[1] ?? []);
	expect(numbers).toEqual(numbers.map((_, index) => String(index + 1)));
	expect(numbers).toHaveLength((await readEvents(home)).length);
	expect((await followRun()).stdout).toMatch(/no process works on it: completed$/);
});
