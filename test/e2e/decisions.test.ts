import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {
	answerJson,
	call,
	startModelServer,
	type ModelServer,
	type Script,
} from '../helpers/model-server.ts';
import {
	eventsOf,
	lastLineOf,
	runProgram,
	startProgram,
	type ProgramEnd,
	type StartedProgram,
} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
import {subtaskOf, threeFiles, threeFilesPlan, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {patience} from '../helpers/patience.ts';

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

async function createTeam(script: Script = threeFilesTeam): Promise<ModelServer> {
	const server = await startModelServer(script);
	onTestFinished(async () => server.close());
	const words = ['create', 'team', '-p', 'llama-server', '-m', 'test-model', '-u', server.url];
	const end = await runProgram(words, {home});
	expect(end.code, end.err).toBe(0);
	return server;
}

const run = ['run', 'team', 'write three files', '--json', '--permission', 'all'];

/** A run whose plan waits for a decision from outside. */
async function startWaiting(...args: readonly string[]): Promise<StartedProgram> {
	const program = startProgram([...run, '--approve', 'ask', ...args], {home, directory});
	onTestFinished(() => {
		program.kill('SIGKILL');
	});
	await program.waitFor('"type":"approval-requested"');
	return program;
}

async function say(...args: readonly string[]): Promise<ProgramEnd> {
	return runProgram(args, {home});
}

test('a plan waits for "approve" of another process; a second one learns who decided', async () => {
	const heard = Promise.withResolvers<void>();
	await createTeam(async request => {
		await (request.schema ? undefined : heard.promise);
		return threeFilesTeam(request);
	});
	const program = await startWaiting();
	const first = await say('approve', 'last');
	expect(first).toMatchObject({code: 0, out: expect.stringMatching(/^Sent to \S+\.\n$/)});
	const second = await say('approve', 'last', 'plan-1');
	expect(second.err).toMatch(/already approved by you/);
	expect(second.code).toBe(1);
	heard.resolve();
	const end = await program.ended;
	expect(end.code, end.err).toBe(0);
	expect(await filesIn(directory)).toEqual(threeFiles);
	expect(eventsOf(end).filter(({type}) => type === 'approval-decided')).toMatchObject([
		{approval: 'plan-1', decision: 'approve', origin: 'person'},
	]);
	const late = await say('approve', 'last');
	expect(late.code).toBe(2);
	expect(late.err).toContain('is completed');
});

test('several processes decide at once: exactly one of them is heard', async () => {
	await createTeam();
	const program = await startWaiting();
	const ends = await Promise.all([
		say('approve', 'last', 'plan-1'),
		say('approve', 'last', 'plan-1'),
		say('reject', 'last', 'plan-1'),
	]);
	expect(ends.map(({code}) => code).filter(code => code === 0)).toHaveLength(1);
	const end = await program.ended;
	expect(eventsOf(end).filter(({type}) => type === 'approval-decided')).toHaveLength(1);
	expect(end.code, end.err).toBe(ends[2]?.code === 0 ? 3 : 0);
});

test('a rejection with feedback gives revision 2, and the lead has read why', async () => {
	const server = await createTeam();
	const program = await startWaiting();
	expect((await say('reject', 'last', '--feedback', 'write no second file')).code).toBe(0);
	await program.waitFor('"approval":"plan-2"');
	const [, second] = server.requests;
	expect(second?.prompt).toContain('write no second file');
	expect(second?.prompt).toContain('Your plan before');

	const outdated = await say('approve', 'last', 'plan-1');
	expect(outdated.code).toBe(1);
	expect(outdated.err).toContain('already rejected by you');
	expect((await say('approve', 'last')).code).toBe(0);
	expect((await program.ended).code).toBe(0);
});

test('a rejection without a word ends the run with exit 3, for good', async () => {
	await createTeam();
	const program = await startWaiting();
	expect((await say('reject', 'last')).code).toBe(0);
	const end = await program.ended;
	expect(end.code, end.err).toBe(3);
	expect(lastLineOf(end)).toContain('rejected: the plan was rejected → llm-orchestrator show ');
	expect(eventsOf(end).at(-1)).toMatchObject({type: 'run-finished', report: {outcome: 'rejected'}});
	expect(await filesIn(directory)).toEqual({});
	expect(await say('resume', 'last')).toMatchObject({code: 2});
});

test('when nobody decides in time the run stops with exit 6, and goes on when somebody does', async () => {
	await createTeam();
	const program = await startWaiting('--decision-timeout', '1s');
	const end = await program.ended;
	expect(end.code, end.err).toBe(6);
	expect(lastLineOf(end)).toContain('nobody decided on the plan in time');
	expect(eventsOf(end).at(-1)).toMatchObject({
		type: 'run-stopped',
		report: {outcome: 'undecided', denied: [{what: 'revision 1 of the plan', by: 'deadline'}]},
	});
	const resumed = await say('resume', 'last', '--json', '--approve', 'criteria');
	expect(resumed.code, resumed.err).toBe(0);
	expect(await filesIn(directory)).toEqual(threeFiles);
});

test('cancel ends a run with exit 9, whatever it waits for', async () => {
	await createTeam();
	const program = await startWaiting();
	expect((await say('cancel', 'last')).code).toBe(0);
	const end = await program.ended;
	expect(end.code, end.err).toBe(9);
	expect(eventsOf(end).at(-1)).toMatchObject({
		type: 'run-finished',
		report: {outcome: 'cancelled', reason: 'cancelled by the person'},
	});
	expect(await say('resume', 'last')).toMatchObject({code: 2});
	expect(await say('cancel', 'last')).toMatchObject({code: 2});
});

test('cancel of one subtask ends it, and what depends on it, but not the others', async () => {
	await createTeam(request =>
		subtaskOf(request) === 'two'
			? call('run_command', {command: 'sleep 1000'})
			: threeFilesTeam(request),
	);
	const program = startProgram(run, {home, directory});
	await program.waitFor(/"type":"tool-call-started"[^\n]*sleep 1000/);
	const wrong = await say('cancel', 'last', 'three');
	expect(wrong).toMatchObject({code: 1, err: 'refused: unknown subtask "three"\n'});
	expect((await say('cancel', 'last', 'two')).code).toBe(0);
	const end = await program.ended;
	expect(end.code, end.err).toBe(1);
	const closing = eventsOf(end).at(-1);
	expect(closing).toMatchObject({
		type: 'run-finished',
		report: {
			subtasks: [
				{id: 'one', status: 'completed'},
				{id: 'two', status: 'cancelled'},
				{id: 'both', status: 'skipped'},
			],
		},
	});
});

test('a decision for a run that nobody holds is queued (exit 7), and heard when it is resumed', async () => {
	await createTeam();
	const program = await startWaiting();
	// What is printed may be on disk a moment later.
	await vi.waitFor(
		async () => expect((await readEvents(home)).at(-1)?.type).toBe('approval-requested'),
		patience,
	);
	program.kill('SIGKILL');
	await program.ended;
	for (const [about, ...agent] of [['pause'], ['unpause'], ['cancel'], ['interrupt', 'lead']]) {
		// Kept for later, these would hold up or end what is resumed.
		const refused = await say(about ?? '', 'last', ...agent);
		expect(refused.code).toBe(7);
		expect(refused.err).toMatch(`so there is nothing to ${about} → llm-orchestrator resume `);
	}

	const queued = await say('approve', 'last');
	expect(queued.code).toBe(7);
	expect(queued.err).toContain(
		'so this will wait until the run is resumed → llm-orchestrator resume ',
	);
	const resumed = await say('resume', 'last', '--json');
	expect(resumed.code, resumed.err).toBe(0);
	expect(await filesIn(directory)).toEqual(threeFiles);
});

test('a command of an agent decides nothing', async () => {
	await createTeam();
	const program = await startWaiting();
	for (const command of ['approve', 'reject', 'cancel']) {
		const end = await runProgram([command, 'last'], {
			home,
			environment: {LLM_ORCHESTRATOR_AGENT: 'teammate-1'},
		});
		expect(end.code).toBe(2);
		expect(end.err).toContain('agents cannot decide');
	}

	program.kill('SIGTERM');
	expect(eventsOf(await program.ended).some(({type}) => type === 'approval-decided')).toBe(false);
});

test('the commands of agents carry the mark that keeps them from deciding', async () => {
	await createTeam(request =>
		request.schema
			? answerJson({
					...threeFilesPlan,
					subtasks: threeFilesPlan.subtasks.slice(0, 1).map(subtask => ({
						...subtask,
						checks: ['test -n "$LLM_ORCHESTRATOR_AGENT"'],
					})),
					checks: [],
				})
			: threeFilesTeam(request),
	);
	const end = await runProgram(run, {home, directory});
	expect(end.code, end.err).toBe(0);
});

test('a live run cannot be resumed by another process: exit 7, and it goes on undisturbed', async () => {
	await createTeam();
	const program = await startWaiting();
	const second = await say('resume', 'last', '--json');
	expect(second.code, second.err).toBe(7);
	expect(JSON.parse(second.out)).toMatchObject({type: 'error', exitCode: 7});
	expect(second.err).toContain(String(program.pid));
	const {out} = await say('runs', '--json');
	expect(JSON.parse(out)).toMatchObject({runs: [{status: 'awaiting-approval', live: true}]});
	expect((await say('approve', 'last')).code).toBe(0);
	expect((await program.ended).code).toBe(0);
});

test('several requests at once are listed when none is named: exit 2', async () => {
	await createTeam();
	const program = startProgram(
		['run', 'team', 'x', '--json', '--approve', 'ask', '--permission', 'edits'],
		{home, directory},
	);
	onTestFinished(() => {
		program.kill('SIGKILL');
	});
	await program.waitFor('"approval":"plan-1"');
	expect((await say('approve', 'last')).code).toBe(0);
	await program.waitFor(/cat one\.txt[^]*cat two\.txt|cat two\.txt[^]*cat one\.txt/);
	await program.waitFor(
		/"type":"approval-requested"[^]*"type":"approval-requested"[^]*"type":"approval-requested"/,
	);
	const end = await say('approve', 'last');
	expect(end.code).toBe(2);
	expect(end.err).toMatch(/2 requests are open: choose one/);
	expect(end.err).toContain('cat one.txt');
	expect(end.err).toContain('cat two.txt');
	const [, one = ''] = /(call-\d+) \(\S+, run_command: cat one\.txt\)/.exec(end.err) ?? [];
	expect((await say('approve', 'last', one, '--always')).code).toBe(0);
	expect((await say('cancel', 'last')).code).toBe(0);
	expect((await program.ended).code).toBe(9);
});
