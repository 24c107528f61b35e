import {mkdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execaSync} from 'execa';
import {beforeEach, describe, expect, test} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {installProgram, type Shell} from '../helpers/installed-program.ts';
import {httpError} from '../helpers/model-server.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

let home: string;
let directory: string;
let shell: Shell;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
	shell = await installProgram(home);
});

const scripts = [
	{name: 'follow.sh', interpreter: 'bash', needs: ['bash', 'jq']},
	{name: 'follow.mjs', interpreter: 'node', needs: []},
	{name: 'follow.py', interpreter: 'python3', needs: ['python3']},
] as const;

/** Commands that are not here. On a CI server they have to be, so that no script goes untested. */
function missing(commands: readonly string[]): readonly string[] {
	const isRequired = process.env['CI'] !== undefined && process.env['CI'] !== '';
	return isRequired
		? []
		: commands.filter(command => execaSync({reject: false})`${command} --version`.exitCode !== 0);
}

describe.each(scripts)('$name', ({name, interpreter, needs}) => {
	beforeEach(({skip}) => {
		const absent = missing(needs);
		skip(absent.length > 0, `not tested: install ${absent.join(' and ')}`);
	});

	const file = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
	const follow = async (...words: readonly string[]) =>
		shell(interpreter, [file, ...words], {directory});

	test('approves the plan, says what was changed and what it cost, and exits like the run', async () => {
		await createScriptedTeam(home, threeFilesTeam);
		const end = await follow('team', 'write three files', '--permission', 'all');
		expect(end.code, end.err).toBe(0);
		expect(end.out.trimEnd().split('\n')).toEqual([
			'outcome: completed: 3 of 3 subtasks are done, final checks passed',
			'files: both.txt, one.txt, two.txt',
			expect.stringMatching(/^cost: \S+ US dollars$/),
			expect.stringMatching(/^next: llm-orchestrator undo \S+$/),
			'exit code: 0',
		]);
		expect(await filesIn(directory)).toEqual(threeFiles);
	});

	test('says what to do when the run failed', async () => {
		await createScriptedTeam(home, () => httpError(401, 'Incorrect API key provided'));
		const end = await follow('team', 'write three files');
		expect(end.code, end.err).toBe(4);
		expect(end.out).toMatch(/^outcome: no-provider: /);
		expect(end.out).toMatch(/^next: .+; then: llm-orchestrator resume \S+$/m);
		expect(end.out).toMatch(/^exit code: 4$/m);
	});

	test('exits with 2 when the program is not installed, and says what to do', async () => {
		await rm(path.join(home, 'bin'), {recursive: true});
		const end = await follow('team', 'a task');
		expect(end).toMatchObject({code: 2, out: ''});
		expect(end.err).toMatch(/llm-orchestrator.*\n?.*install it, or run npm link in a checkout\n$/);
		expect(end.err).not.toMatch(/Traceback|at .*:\d+/);
	});

	test('exits with 2 when nothing could run, and says why', async () => {
		const end = await follow('nobody', 'a task');
		expect(end).toMatchObject({code: 2, out: ''});
		expect(end.err).toContain('unknown team "nobody"');
		expect(await follow()).toMatchObject({
			code: 2,
			out: '',
			err: expect.stringMatching(/^usage: /),
		});
	});
});
