import {mkdir, open, readFile, type FileHandle} from 'node:fs/promises';
import {constants, existsSync} from 'node:fs';
import {spawn} from 'node:child_process';
import path from 'node:path';
import {execa} from 'execa';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {answerJson, call, startModelServer, type Script} from '../helpers/model-server.ts';
import {
	eventsOf,
	lastLineOf,
	programEnvironment,
	programFile,
	runProgram,
	startProgram,
	type StartedProgram,
} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
import {threeFiles, threeFilesPlan, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {patience} from '../helpers/patience.ts';

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

async function createTeam(script: Script): Promise<void> {
	const server = await startModelServer(script);
	onTestFinished(async () => server.close());
	const words = ['create', 'team', '-p', 'llama-server', '-m', 'test-model', '-u', server.url];
	const end = await runProgram(words, {home});
	expect(end.code, end.err).toBe(0);
}

const run = ['run', 'team', 'write three files', '--json', '--permission', 'all'];

function start(): StartedProgram {
	return startProgram(run, {home, directory});
}

/** A teammate whose first command starts two processes, writes their ids to a file, and waits for ever. */
function sleepyTeam(): Script {
	return request =>
		request.schema
			? answerJson({...threeFilesPlan, subtasks: threeFilesPlan.subtasks.slice(0, 1), checks: []})
			: call('run_command', {
					command: `sleep 1000 & echo "$$ $!" > ${home}/pids.new; mv ${home}/pids.new ${home}/pids; wait`,
				});
}

/** The processes that the agent's command started, once they are there. */
async function sleepers(): Promise<readonly number[]> {
	const text = await vi.waitFor(async () => readFile(path.join(home, 'pids'), 'utf8'), patience);
	return text.trim().split(' ').map(Number);
}

/** Of these processes those that still run; what nobody has reaped yet does not. */
async function alive(pids: readonly number[]): Promise<readonly number[]> {
	const {stdout} = await execa({reject: false})`ps -o pid=,stat= -p ${pids.join(',')}`;
	return stdout
		.split('\n')
		.map(line => line.trim().split(/\s+/))
		.filter(([, stat = 'Z']) => !stat.startsWith('Z'))
		.map(([pid]) => Number(pid));
}

test.each([
	['SIGINT', 130, 'interrupted', 'stopped by Ctrl+C'],
	['SIGTERM', 143, 'terminated', 'ended by SIGTERM'],
	['SIGHUP', 143, 'terminated', 'ended by SIGHUP'],
] as const)(
	'%s ends with %i: a last line, no process left behind, and a run that can be resumed',
	async (signal, code, outcome, reason) => {
		await createTeam(sleepyTeam());
		const program = start();
		const pids = await sleepers();
		expect(await alive(pids)).toHaveLength(2);
		program.kill(signal);
		const end = await program.ended;
		expect(end.code, end.err).toBe(code);
		expect(await alive(pids), 'its command is gone, with all that it started').toEqual([]);
		const events = eventsOf(end);
		expect(events.at(-1)).toMatchObject({type: 'run-stopped', report: {outcome, exitCode: code}});
		expect(events.filter(({type}) => type === 'run-stopped')).toHaveLength(1);
		expect(lastLineOf(end)).toMatch(
			new RegExp(`${outcome}: ${reason.replace('+', '\\+')} → llm-orchestrator resume `),
		);
		const {out} = await runProgram(['runs', '--json'], {home});
		expect(JSON.parse(out)).toMatchObject({runs: [{status: 'stopped', live: false}]});
	},
);

test.each([1, 3, 5, 7, 9, 11])(
	'SIGINT after %i events of a beginning run ends it in order',
	async moment => {
		let asked = false;
		const end = await runProgram(['demo', '--fast', '--json'], {
			home,
			onOutput(out, child) {
				if (out.split('\n').length > moment && !asked) {
					asked = true;
					child.kill('SIGINT');
				}
			},
		});
		expect(end.err).toMatch(
			/^\S+ interrupted: stopped by Ctrl\+C → llm-orchestrator resume \S+\n$/,
		);
		expect(end.code).toBe(130);
		expect(eventsOf(end).at(-1)).toMatchObject({type: 'run-stopped', report: {exitCode: 130}});
	},
);

test('what SIGINT stopped goes on to the same end', async () => {
	await createTeam(threeFilesTeam);
	const program = start();
	await program.waitFor('"type":"merge-finished"');
	program.kill('SIGINT');
	expect((await program.ended).code).toBe(130);
	expect(await filesIn(directory), 'nothing is delivered half').toEqual({});
	const resumed = await runProgram(['resume', 'last', '--json'], {home});
	expect(resumed.code, resumed.err).toBe(0);
	expect(await filesIn(directory)).toEqual(threeFiles);
});

test('an impatient second SIGINT ends the program at once', async () => {
	await createTeam(sleepyTeam());
	const program = start();
	await sleepers();
	program.kill('SIGINT');
	program.kill('SIGINT');
	program.kill('SIGINT');
	expect((await program.ended).code).toBe(130);
});

test('when its reader is gone the run stops, says so, and can be resumed', async () => {
	await createTeam(threeFilesTeam);
	const program = start();
	await program.waitFor('"type":"tool-call-started"');
	program.closeOutput();
	const end = await program.ended;
	expect(lastLineOf(end)).toContain('interrupted: the reader of the output is gone');
	expect(end.code).toBe(130);
	expect((await readEvents(home)).at(-1)?.type).toBe('run-stopped');
	const resumed = await runProgram(['resume', 'last', '--json'], {home});
	expect(resumed.code, resumed.err).toBe(0);
});

test.each([['help'], ['list'], ['runs', '--json'], ['nonsense'], ['run', '--json-schema']])(
	'a reader that is gone is no reason for a stack trace: %s',
	async (...args) => {
		const {stderr} = await execa(
			'sh',
			['-c', '("$@"; echo "ended" >&2) | true', 'sh', process.execPath, programFile, ...args],
			{env: programEnvironment(home), extendEnv: false},
		);
		expect(stderr).not.toMatch(/EPIPE|at .*\d+:\d+/);
		expect(stderr).toContain('ended');
	},
);

test.runIf(existsSync('/dev/full'))('output that cannot be written stops the run', async () => {
	const {exitCode, stderr} = await execa(
		'sh',
		[
			'-c',
			'exec "$@" > /dev/full',
			'sh',
			process.execPath,
			programFile,
			'demo',
			'--fast',
			'--json',
		],
		{env: programEnvironment(home), extendEnv: false, reject: false},
	);
	expect(stderr).toContain('interrupted: cannot write to standard output: ENOSPC');
	expect(exitCode).toBe(130);
});

test('a reader that reads nothing does not keep the run from its end', async () => {
	// A pipe holds 64 KiB, and the run has more to say.
	const fifo = path.join(home, 'pipe');
	await execa('mkfifo', [fifo]);
	const reader = await open(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
	const writer = await open(fifo, constants.O_WRONLY);
	const child = spawn(process.execPath, [programFile, 'demo', '--fast', '--json'], {
		cwd: home,
		env: programEnvironment(home),
		stdio: ['ignore', writer.fd, 'ignore'],
	});
	const ended = new Promise<number | null>(resolve => {
		child.on('close', resolve);
	});
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	await writer.close();

	const events = await vi.waitFor(async () => {
		const logged = await readEvents(home);
		expect(logged.at(-1)?.type).toBe('run-finished');
		return logged;
	}, patience);
	expect(events.at(-1)).toMatchObject({report: {outcome: 'completed'}});
	expect(child.exitCode, 'it waits for its reader').toBeNull();

	const out = await readAll(reader);
	expect(await ended).toBe(0);
	expect(eventsOf({code: 0, out, err: ''}).map(({seq}) => seq)).toEqual(events.map(({seq}) => seq));
});

async function readAll(reader: FileHandle): Promise<string> {
	let text = '';
	await vi.waitFor(
		async () => {
			const {bytesRead, buffer} = await reader.read({buffer: Buffer.alloc(65_536)});
			text += buffer.subarray(0, bytesRead).toString('utf8');
			expect(bytesRead).toBe(0);
		},
		{...patience, interval: 1},
	);
	await reader.close();
	return text;
}
