import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {startModelServer, type ModelServer, type Script} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf, runProgram, type ProgramEnd} from '../helpers/program.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

const keys = {ANTHROPIC_API_KEY: 'test-key-anthropic', OPENAI_API_KEY: 'test-key-openai'};

async function serve(script: Script): Promise<ModelServer> {
	const server = await startModelServer(script);
	onTestFinished(async () => server.close());
	return server;
}

async function create(server: ModelServer, provider = 'openai'): Promise<void> {
	const words = ['create', 'team', '-p', provider, '-m', 'test-model', '-u', server.url];
	const end = await runProgram(words, {home, environment: keys});
	expect(end.code, end.err).toBe(0);
}

async function run(...args: readonly string[]): Promise<ProgramEnd> {
	return runProgram(['run', 'team', 'write three files', '--json', ...args], {
		home,
		directory,
		environment: keys,
	});
}

describe.each(['anthropic', 'openai', 'ollama', 'lmstudio', 'llama-server'])(
	'with %s',
	provider => {
		test('a team does a task in a plain folder, end to end', async () => {
			const server = await serve(threeFilesTeam);
			await create(server, provider);
			const end = await run('--permission', 'all');
			expect(lastLineOf(end)).toContain('completed');
			expect(end.code).toBe(0);
			expect(await filesIn(directory)).toEqual(threeFiles);
			const events = eventsOf(end);
			expect(events[0]?.type).toBe('run-started');
			expect(events.filter(({type}) => type === 'run-finished')).toHaveLength(1);
			expect(events.at(-1)).toMatchObject({
				type: 'run-finished',
				report: {outcome: 'completed', exitCode: 0, delivered: {mode: 'apply'}},
			});
			expect(server.requests).toHaveLength(10);
		});
	},
);

test('in a dirty repository index, branch and history stay as they are, and undo takes all back', async () => {
	const git = execa({cwd: directory});
	await git`git init -q -b main`;
	await writeFile(path.join(directory, 'kept.txt'), 'committed\n');
	await git`git add .`;
	await git`git -c user.name=a -c user.email=a@b commit -q -m first`;
	await writeFile(path.join(directory, 'kept.txt'), 'changed by hand\n');
	await writeFile(path.join(directory, 'untracked.txt'), 'mine\n');
	const before = await git`git status --porcelain=v2 --branch`;

	await create(await serve(threeFilesTeam));
	const end = await run('--permission', 'all');
	expect(end.code, end.err).toBe(0);
	expect(await filesIn(directory)).toMatchObject({
		...threeFiles,
		'kept.txt': 'changed by hand\n',
		'untracked.txt': 'mine\n',
	});
	expect((await git`git log --oneline --all`).stdout.split('\n')).toHaveLength(1);
	expect((await git`git worktree list`).stdout.split('\n')).toHaveLength(1);

	const undone = await runProgram(['undo', 'last'], {home});
	expect(undone.code, undone.err).toBe(0);
	expect((await git`git status --porcelain=v2 --branch`).stdout).toBe(before.stdout);
	expect((await runProgram(['undo', 'last'], {home})).code).toBe(2);
});

test('without a terminal a command that needs a person is refused at once: exit 6, resumable', async () => {
	const server = await serve(threeFilesTeam);
	await create(server);
	const end = await run();
	expect(end.code).toBe(6);
	const closing = eventsOf(end).at(-1);
	expect(closing).toMatchObject({type: 'run-stopped', report: {outcome: 'undecided'}});
	expect(closing?.type === 'run-stopped' && closing.report.denied).toContainEqual(
		expect.objectContaining({what: 'cat one.txt', by: 'nobody', subtask: 'one'}),
	);
	expect(await filesIn(directory)).toEqual({});

	const asked = server.requests.length;
	const resumed = await runProgram(['resume', 'last', '--json', '--permission', 'all'], {
		home,
		environment: keys,
	});
	expect(resumed.code, resumed.err).toBe(0);
	expect(eventsOf(resumed)[0]?.type).toBe('run-resumed');
	expect(await filesIn(directory)).toEqual(threeFiles);
	expect(server.requests.length).toBe(10);
	expect(asked).toBeLessThan(10);
});

test('a limit of tokens ends with exit 5, and a larger one goes on where it was', async () => {
	const server = await serve(threeFilesTeam);
	await create(server);
	const end = await run('--permission', 'all', '--approve', 'all', '--max-tokens', '1500');
	expect(lastLineOf(end)).toContain('--max-tokens');
	expect(end.code).toBe(5);
	const resumed = await runProgram(['resume', 'last', '--json', '--max-tokens', '900000'], {
		home,
		environment: keys,
	});
	expect(resumed.code, resumed.err).toBe(0);
	expect(server.requests).toHaveLength(10);
});

test('a key that is wrong is asked once, named, and leaves with exit 4', async () => {
	const server = await startModelServer(threeFilesTeam, {key: 'the right one'});
	onTestFinished(async () => server.close());
	await create(server);
	const end = await run();
	expect(end.code).toBe(4);
	expect(lastLineOf(end)).toContain('OPENAI_API_KEY');
	expect(server.visits.filter(visit => visit.startsWith('POST'))).toHaveLength(1);
	expect(end.out + end.err).not.toContain(keys.OPENAI_API_KEY);
});

test('a server that is not running is named with how to start it, exit 4', async () => {
	const server = await startModelServer(threeFilesTeam);
	await create(server, 'ollama');
	await server.close();
	const end = await run();
	expect(end.code).toBe(4);
	expect(lastLineOf(end)).toContain('ollama serve');
});

test('invalid plans go back to the lead; after three the whole task is one subtask, said clearly', async () => {
	const server = await serve(request =>
		request.schema ? {kind: 'answer', text: '{"subtasks": []}'} : threeFilesTeam(request),
	);
	await create(server);
	const end = await run('--plan-only');
	expect(end.code, end.err).toBe(0);
	const events = eventsOf(end);
	expect(events.filter(({type}) => type === 'plan-refused')).toHaveLength(3);
	expect(events.find(({type}) => type === 'plan-proposed')).toMatchObject({origin: 'fallback'});
	const shown = await runProgram(['show', 'last'], {home});
	expect(shown.out).toContain('The whole task');
});
