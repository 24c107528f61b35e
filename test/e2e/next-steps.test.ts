import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {z} from 'zod';
import {filesIn} from '../helpers/files.ts';
import {installProgram, type Shell} from '../helpers/installed-program.ts';
import {
	answerJson,
	call,
	httpError,
	type ModelRequest,
	type Reply,
	type Script,
} from '../helpers/model-server.ts';
import {lastLineOf, runProgram, startProgram, type ProgramEnd} from '../helpers/program.ts';
import {createScriptedTeam, sleepersOf, sleepyTeam} from '../helpers/scripted-home.ts';
import {
	subtaskOf,
	threeFiles,
	threeFilesPlan,
	threeFilesTeam,
	turnOf,
	wantsPlan,
} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

let home: string;
let directory: string;
let shell: Shell;

beforeEach(async () => {
	home = await temporaryDirectory();
	// Only a quoted path survives a shell.
	directory = path.join(home, "it's a project");
	await mkdir(directory);
	shell = await installProgram(home);
});

const words = ['run', 'team', 'write three files', '--permission', 'all'];

async function run(script: Script, ...more: readonly string[]): Promise<ProgramEnd> {
	await createScriptedTeam(home, script);
	return runProgram([...words, ...more], {home, directory});
}

const reportSchema = z.object({
	live: z.boolean(),
	approvals: z.array(z.object({approve: z.string()})),
	report: z.object({
		outcome: z.string().nullable(),
		exitCode: z.number().nullable(),
		next: z.string().optional(),
		hint: z.string().optional(),
	}),
});

async function shown() {
	const end = await runProgram(['show', 'last', '--json'], {home});
	return reportSchema.parse(JSON.parse(end.out));
}

/** Runs the command that the report names, in another directory. */
async function takeNextStep(): Promise<ProgramEnd> {
	const {report} = await shown();
	expect(report.next).toBeDefined();
	return shell('sh', ['-c', report.next ?? '']);
}

describe('the next step of a run is a command that works as it is, when the run', () => {
	test('changed the directory: it undoes that, and then nothing is left to do', async () => {
		const end = await run(threeFilesTeam);
		expect(end.code, end.err).toBe(0);
		expect(await takeNextStep()).toMatchObject({code: 0});
		expect(await filesIn(directory)).toEqual({});
		expect((await shown()).report.next).toBeUndefined();
	});

	test.each(['branch', 'patch'])('left its change on a branch or in a patch: a %s', async kind => {
		const git = execa({cwd: directory});
		const lines = Array.from({length: 20}, (_, index) => `line ${index}`);
		const file = path.join(directory, 'one.txt');
		await writeFile(file, `${lines.join('\n')}\n`);
		const commit = async () => {
			await git`git add .`;
			await git`git commit -qm x`;
		};
		if (kind === 'branch') {
			await git`git init -q`;
			await git`git config user.name person`;
			await git`git config user.email person@example.org`;
			await commit();
		}

		const end = await run(async request => {
			if (wantsPlan(request)) {
				// The directory has been read: a person changes the beginning, the team the end.
				await writeFile(file, `mine\n${lines.slice(1).join('\n')}\n`);
				return answerJson({
					...threeFilesPlan,
					subtasks: threeFilesPlan.subtasks.slice(0, 1),
					checks: [],
				});
			}

			switch (turnOf(request)) {
				case 0:
					return call('read_file', {path: 'one.txt'});
				case 1:
					return call('write_file', {path: 'one.txt', content: `${lines.join('\n')}\none\n`});
				default:
					return call('finish', {summary: 'wrote one.txt'});
			}
		});
		expect(end.code, end.err).toBe(10);
		const {report} = await shown();
		expect(report.next).toMatch(kind === 'branch' ? / merge / : / apply /);
		expect(report.hint).toBe(kind === 'branch' ? 'commit or stash your own changes' : undefined);
		await (kind === 'branch' ? commit() : undefined);
		const next = await takeNextStep();
		expect(next.code, next.err).toBe(0);
		const text = await readFile(file, 'utf8');
		expect(text).toMatch(/^mine\n/);
		expect(text).toMatch(/\none\n$/);
	});

	test.each([
		['reached a limit of tokens', ['--max-tokens', '6000'], 5],
		['reached a limit of turns', ['--max-turns', '1'], 5],
		['was only planned', ['--plan-only'], 0],
		['needed a decision', ['--approve', 'ask', '--decision-timeout', '1ms'], 6],
	] as const)('%s', async (_, options, code) => {
		const end = await run(lookingTeam, ...options);
		expect(end.code, end.err).toBe(code);
		expect((await shown()).report.hint).toBeUndefined();
		for (;;) {
			const next = await takeNextStep();
			// A limit may have to be raised more than once.
			if (next.code !== code || code !== 5) {
				expect(next.code, next.err).toBe(0);
				break;
			}
		}

		expect(await filesIn(directory)).toEqual(threeFiles);
	});

	test('had no usable provider: what to do first is a hint, and not part of the command', async () => {
		let isDown = true;
		const end = await run(request =>
			isDown ? httpError(401, 'Incorrect API key provided') : threeFilesTeam(request),
		);
		expect(end.code, end.err).toBe(4);
		const {report} = await shown();
		expect(report.next).toMatch(/^llm-orchestrator resume \S+$/);
		expect(report.hint).toMatch(/\w/);
		expect(lastLineOf(end)).toContain(` → ${report.hint}; then: ${report.next}`);
		isDown = false;
		const next = await takeNextStep();
		expect(next.code, next.err).toBe(0);
	});

	test('was rejected: it is shown', async () => {
		const bare = {...threeFilesPlan, checks: []};
		const subtasks = bare.subtasks.map(subtask => ({...subtask, checks: []}));
		const end = await run(() => answerJson({...bare, subtasks}), '--approve', 'criteria');
		expect(end.code, end.err).toBe(3);
		expect(await takeNextStep()).toMatchObject({code: 0, out: expect.stringContaining('rejected')});
	});

	test('failed: it is resumed', async () => {
		let isBroken = true;
		const end = await run(request => {
			return isBroken && !wantsPlan(request)
				? call('finish', {summary: 'nothing was done'})
				: threeFilesTeam(request);
		});
		expect(end.code, end.err).toBe(1);
		isBroken = false;
		const next = await takeNextStep();
		expect(next.code, next.err).toBe(0);
	});

	test('waits for a decision: it approves', async () => {
		await createScriptedTeam(home, threeFilesTeam);
		const asking = ['--json', '--approve', 'ask'];
		const program = startProgram([...words, ...asking], {home, directory});
		onTestFinished(() => program.kill('SIGKILL'));
		await program.waitFor('"type":"approval-requested"');
		const waiting = await shown();
		expect(waiting).toMatchObject({live: true, report: {outcome: null, exitCode: null}});
		expect(waiting.report.next).toBe(waiting.approvals[0]?.approve);
		expect(await takeNextStep()).toMatchObject({code: 0});
		expect(await program.ended).toMatchObject({code: 0});
	});

	test('works: it is followed to its end', async () => {
		await createScriptedTeam(home, sleepyTeam(home));
		const program = startProgram([...words, '--json'], {home, directory});
		onTestFinished(() => program.kill('SIGKILL'));
		await sleepersOf(home);
		const {report} = await shown();
		expect(report.next).toMatch(/^llm-orchestrator watch \S+$/);
		const followed = shell('sh', ['-c', report.next ?? '']);
		program.kill('SIGINT');
		expect(await program.ended).toMatchObject({code: 130});
		expect(await followed).toMatchObject({
			code: 130,
			out: expect.stringContaining('stopped before it finished'),
		});
		expect((await shown()).report.next).toMatch(/^llm-orchestrator resume \S+$/);
	});
});

/** The team of three files, whose teammates look before they write: one turn is not enough. */
function lookingTeam(request: ModelRequest): Reply {
	if (wantsPlan(request)) {
		return threeFilesTeam(request);
	}

	const id = subtaskOf(request);
	switch (turnOf(request)) {
		case 0:
			return call('list_files', {});
		case 1:
			return call('write_file', {path: `${id}.txt`, content: `${id}\n`});
		default:
			return call('finish', {summary: `wrote ${id}.txt`});
	}
}
