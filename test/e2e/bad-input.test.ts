import {chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {startModelServer, type ModelServerOptions} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf, runProgram, type ProgramEnd} from '../helpers/program.ts';
import {threeFilesPlan, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

/** A home with the team `team`, which no test of wrong calls changes. */
let home: string;
let directory: string;
let unchanged: Readonly<Record<string, string>>;

beforeAll(async () => {
	home = await realpath(await mkdtemp(path.join(tmpdir(), 'llm-orchestrator-test-')));
	directory = await prepare(home);
	unchanged = await filesIn(home);
});

afterAll(async () => rm(home, {recursive: true, force: true, maxRetries: 5}));

/** Makes a home with a team of the demo, some plans, and a directory to work in. */
async function prepare(home: string): Promise<string> {
	const created = await runProgram(['create', 'team', '-p', 'demo'], {home});
	expect(created.code, created.err).toBe(0);
	const directory = path.join(home, 'project');
	await mkdir(directory);
	await Promise.all(
		Object.entries({
			'project/kept.txt': 'kept\n',
			'task.txt': 'do something',
			'empty.txt': ' \n',
			'valid.json': JSON.stringify(threeFilesPlan),
			'cyclic.json': planOf(
				{id: 'a', dependsOn: ['c']},
				{id: 'b', dependsOn: ['a']},
				{id: 'c', dependsOn: ['b']},
				{id: 'aside'},
			),
			'itself.json': planOf({id: 'a', dependsOn: ['a']}),
			'none.json': planOf(),
			'twice.json': planOf({id: 'a'}, {id: 'b'}, {id: 'a'}),
			'unknown.json': planOf({id: 'a', dependsOn: ['nobody']}),
			'shape.json': '{"subtasks": [{"id": 7}], "checks": "npm test"}',
			'list.json': '[]',
			'broken.json': '{"subtasks": [\x1b[31m',
			'binary.json': '\0\0\0\0',
			'escapes.json': planOf({id: '\x1b]0;title\x07\x1b[2J', dependsOn: ['\u202eabc']}),
		}).map(async ([file, text]) => writeFile(path.join(home, file), text)),
	);
	return directory;
}

function planOf(...subtasks: readonly Readonly<Record<string, unknown>>[]): string {
	return JSON.stringify({
		summary: 'a plan',
		subtasks: subtasks.map(fields => ({title: 'x', instructions: 'x', ...fields})),
	});
}

async function attempt(...args: readonly string[]): Promise<ProgramEnd> {
	return runProgram(args, {home, directory});
}

/** One clear error on standard error and nothing else, nothing raw. */
function expectRefusal(end: ProgramEnd, message: string | RegExp): void {
	expect(end.err).toMatch(message);
	expect(end.code, end.err).toBe(2);
	// With `--json`, a program is told too.
	expect(end.out.replace(/^\{"v":1,"type":"error".*\}\n$/, '')).toBe('');
	expect(end.err, 'no stack trace').not.toMatch(/\n\s+at |internal error|node:internal/);
	expect(end.err, 'nothing raw').not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202e]/);
}

const run = ['run', 'team', 'do something'];

describe.concurrent('a wrong call is refused in one clear sentence', () => {
	test.each<readonly [string, readonly string[], string | RegExp]>([
		['no such command', ['rum', 'team', 'x'], 'unknown command "rum"; did you mean "run"?'],
		['a name from JavaScript', ['constructor'], 'unknown command "constructor"'],
		['escapes for a command', ['\x1b[2J'], 'unknown command "\\x1b[2J"'],
		['no such option', [...run, '--aprove', 'all'], '--aprove; did you mean "--approve"?'],
		['no such letter', [...run, '-x'], 'run has no option -x'],
		['a negated option', [...run, '--no-json'], 'run has no option --no-json'],
		['a value for a switch', [...run, '--json=maybe'], '--json takes no value'],
		[
			'an option twice',
			[...run, '--timeout', '1m', '--timeout', '2m'],
			'--timeout was given twice',
		],
		['an option without value', [...run, '--check'], '--check needs a value'],
		['an empty value', [...run, '--check', ''], '--check needs a value'],
		['an option for a value', [...run, '--check', '--json'], '--check needs a value'],
		['no team', ['run'], 'which team?'],
		['no such team', ['run', 'tema', 'x'], /unknown team "tema"\n→ existing teams: team/],
		['no task', ['run', 'team'], 'what is the task?'],
		['an empty task', ['run', 'team', ''], 'the task is empty'],
		['a blank task', ['run', 'team', ' \n\t'], 'the task is empty'],
		['an empty task from input', ['run', 'team', '-'], 'the task is empty'],
		['an empty file for a task', ['run', 'team', '--task-file', '../empty.txt'], 'task is empty'],
		['two tasks', ['run', 'team', 'one', 'two'], 'put the task in quotes: "one two"'],
		['a task twice', [...run, '--task-file', '../task.txt'], 'the task was given twice'],
		[
			'a missing task file',
			['run', 'team', '--task-file', 'no'],
			/cannot read the task from .*no:/,
		],
		['a directory as task file', ['run', 'team', '--task-file', '.'], 'cannot read the task'],
		['a missing directory', [...run, '-d', 'nowhere'], /nowhere does not exist\n→ create it first/],
		['a file as directory', [...run, '-d', 'kept.txt'], 'kept.txt is not a directory'],
		['no parallel subtask', [...run, '--max-parallel', '0'], 'a whole number of at least 1'],
		['words for a number', [...run, '--max-parallel', 'abc'], 'a whole number of at least 1'],
		['a negative number', [...run, '--max-parallel', '-1'], 'a whole number of at least 1'],
		['half a subtask', [...run, '--max-parallel', '1.5'], 'a whole number of at least 1'],
		['too large a number', [...run, '--max-tokens', '1e99'], 'a whole number of at least 1'],
		['a duration without unit', [...run, '--timeout', '10'], /a duration like .*got "10"/],
		['no time', [...run, '--timeout', '0s'], 'a duration like'],
		['years', [...run, '--decision-timeout', '1y'], 'a duration like'],
		['an unknown way to approve', [...run, '--approve', 'yes'], 'one of: ask, criteria, all'],
		['an unknown permission', [...run, '--permission', 'none'], 'ask, edits, sandboxed, all'],
		['a missing plan', [...run, '--plan', 'no.json'], 'cannot read the plan from'],
		[
			'a plan with a cycle',
			[...run, '--plan', '../cyclic.json'],
			/a cycle: (a → c → b → a|a → b → c → a|b → a → c → b|c → b → a → c|b → c → a → b|c → a → b → c)/,
		],
		[
			'a subtask that waits for itself',
			[...run, '--plan', '../itself.json'],
			'"a" depends on itself',
		],
		[
			'a plan without subtasks',
			[...run, '--plan', '../none.json'],
			'none.json is not a valid plan:\nsubtasks',
		],
		['an id twice', [...run, '--plan', '../twice.json'], '"a" is already the id of subtasks[0]'],
		['an unknown dependency', [...run, '--plan', '../unknown.json'], '"nobody" is not a subtask'],
		['a plan of wrong shape', [...run, '--plan', '../shape.json'], 'subtasks[0].id'],
		['a list for a plan', [...run, '--plan', '../list.json'], 'is not a valid plan'],
		['a plan that is not JSON', [...run, '--plan', '../broken.json'], /broken.json is not JSON/],
		['a binary plan', [...run, '--plan', '../binary.json'], /binary.json is not JSON/],
		[
			'a plan with escapes',
			[...run, '--plan', '../escapes.json'],
			'escapes.json is not a valid plan',
		],
		[
			'a name that leaves the home',
			['create', '../../x', '-p', 'demo'],
			'is not a valid team name',
		],
		['an option as name', ['create', '--json', '-p', 'demo'], 'create has no option --json'],
		['letters as name', ['create', '-rf', '-p', 'demo'], 'create has no option -r'],
		['letters after --', ['create', '-p', 'demo', '--', '-rf'], '"-rf" is not a valid team name'],
		['65 characters', ['create', 'a'.repeat(65), '-p', 'demo'], 'is not a valid team name'],
		['an emoji as name', ['create', '😀', '-p', 'demo'], '"😀" is not a valid team name'],
		['an empty name', ['create', '', '-p', 'demo'], 'is not a valid team name'],
		['a taken name', ['create', 'team', '-p', 'demo'], 'team "team" already exists'],
		['no provider', ['create', 'x'], 'no provider found'],
		['no such provider', ['create', 'x', '-p', 'gpt'], 'unknown provider "gpt"'],
		[
			'a base URL without scheme',
			['create', 'x', '-p', 'ollama', '-u', 'host:1'],
			'is not a valid base URL',
		],
		[
			'a file as base URL',
			['create', 'x', '-p', 'ollama', '-u', 'file:///x'],
			'is not a valid base URL',
		],
		['no teammates', ['create', 'x', '-p', 'demo', '-n', '0'], 'from 1 to 16'],
		['a crowd', ['create', 'x', '-p', 'demo', '-n', '17'], 'from 1 to 16'],
		['a team to run that leaves the home', ['run', '../../x', 'y'], 'is not a valid team name'],
		[
			'a team to delete that leaves the home',
			['delete', '../runs', '--yes'],
			'not a valid team name',
		],
		['deleting without a word', ['delete', 'team'], 'delete team --yes'],
		['deleting what is not there', ['delete', 'nope', '--yes'], 'unknown team "nope"'],
		['no run yet', ['show', 'last'], 'there are no runs yet'],
		['a run that leaves the home', ['resume', '../../x'], 'there are no runs yet'],
		['no such provider to try', ['test-provider', 'gpt'], 'unknown provider "gpt"'],
	])('%s', async (_, args, message) => {
		expectRefusal(await attempt(...args), message);
	});
});

test('all these calls left home and directory as they were', async () => {
	expect(await filesIn(home)).toEqual(unchanged);
});

// Root may write everywhere.
test.skipIf(process.getuid?.() === 0)(
	'a directory that cannot be written to is refused before anything runs',
	async () => {
		const readOnly = path.join(directory, 'read-only');
		await mkdir(readOnly);
		await chmod(readOnly, 0o500);
		onTestFinished(async () => rm(readOnly, {recursive: true}));
		expectRefusal(await attempt(...run, '-d', readOnly), 'is not writable');
	},
);

describe('a file that is broken is named, with the place, and left as it is', () => {
	test.each([
		['config.json', '{"defaultProvider": ', /config\.json is not JSON/],
		[
			'config.json',
			'{"defaultProvider": {"type": "gpt"}}',
			/config\.json .* at "defaultProvider\.type"/,
		],
		['config.json', '[]', /config\.json is not valid/],
		['teams/team/config.json', '{"name": \x1b[2J', /team\/config\.json is not JSON/],
		['teams/team/config.json', '{}', /team\/config\.json is not valid at "name"/],
		['teams/team/config.json', '', /team\/config\.json is not JSON/],
	])('%s: %s', async (file, text, message) => {
		const home = await temporaryDirectory();
		await prepare(home);
		const broken = path.join(home, '.llm-orchestrator', file);
		await writeFile(broken, text);
		const args = file === 'config.json' ? ['create', 'another'] : ['run', 'team', 'x'];
		const before = await filesIn(home);
		const end = await runProgram(args, {home, directory: path.join(home, 'project')});
		expect(end.err).toMatch(message);
		expect(end.err).not.toMatch(/\n\s+at |[\x00-\x08\x0b-\x1f]/);
		expect(end.code).toBe(2);
		expect(await filesIn(home)).toEqual(before);
	});

	test('one broken team does not hide the others, and can be deleted', async () => {
		const home = await temporaryDirectory();
		await prepare(home);
		await runProgram(['create', 'good', '-p', 'demo'], {home});
		await writeFile(path.join(home, '.llm-orchestrator/teams/team/config.json'), '{');
		const doctor = await runProgram(['doctor'], {home});
		expect(doctor.out).toContain('team/config.json is not JSON');
		expect((await runProgram(['delete', 'team', '--yes'], {home})).code).toBe(0);
		expect((await runProgram(['list'], {home})).out).toMatch(/^good: .*\n$/);
	});

	test('a log that is damaged in the middle: exit 8 with file and line, and other runs still work', async () => {
		const home = await temporaryDirectory();
		const directory = await prepare(home);
		await runProgram([...run, '--plan-only'], {home, directory});
		const [id = ''] = await readdir(path.join(home, '.llm-orchestrator/runs'));
		const log = path.join(home, '.llm-orchestrator/runs', id, 'events.jsonl');
		const lines = (await readFile(log, 'utf8')).split('\n');
		await writeFile(log, lines.with(2, `\x1b[2J${lines[2]}`).join('\n'));
		const before = await readFile(log);
		for (const command of ['resume', 'show', 'undo', 'cancel']) {
			const end = await runProgram([command, id], {home});
			expect(end.code, end.err).toBe(8);
			expect(end.err).toContain('events.jsonl');
			expect(end.err).toContain('line 3');
			expect(end.err).not.toMatch(/\n\s+at |\x1b/);
		}

		expect(await readFile(log)).toEqual(before);
		const listed = await runProgram(['runs'], {home});
		expect(listed.code).toBe(0);
		expect(listed.out).toMatch(new RegExp(`! ${id} {2}cannot be read: .*line 3`));
		expect((await runProgram([...run, '--plan-only'], {home, directory})).code).toBe(0);
	});
});

describe('a provider that cannot be used ends with exit 4 and what to do', () => {
	async function runWith(
		provider: string,
		{model = 'test-model', ...options}: ModelServerOptions & {readonly model?: string} = {},
	): Promise<ProgramEnd> {
		const home = await temporaryDirectory();
		const directory = await prepare(home);
		const server = await startModelServer(threeFilesTeam, options);
		onTestFinished(async () => server.close());
		const made = ['create', 'another', '-p', provider, '-m', model, '-u', server.url];
		expect((await runProgram(made, {home})).code).toBe(0);
		const end = await runProgram(['run', 'another', 'x', '--json'], {home, directory});
		expect(await filesIn(directory)).toEqual({'kept.txt': 'kept\n'});
		expect(end.err).not.toMatch(/\n\s+at /);
		return end;
	}

	test.each([
		['anthropic', 'ANTHROPIC_API_KEY'],
		['openai', 'OPENAI_API_KEY'],
	])('%s without a key names %s', async (provider, key) => {
		const home = await temporaryDirectory();
		const directory = await prepare(home);
		await runProgram(['create', 'another', '-p', provider], {home});
		const end = await runProgram(['run', 'another', 'x'], {home, directory});
		expect(end.code, end.err).toBe(4);
		expect(lastLineOf(end)).toContain(`set ${key}`);
	});

	test('a server that wants a key names its variable as well', async () => {
		const end = await runWith('openai', {key: 'secret'});
		expect(end.code, end.err).toBe(4);
		expect(lastLineOf(end)).toContain('OPENAI_API_KEY');
	});

	test.each([
		['ollama', 'ollama pull nothing-like-it'],
		['llama-server', 'nothing-like-it'],
		['lmstudio', 'nothing-like-it'],
	])('%s without the model says so', async (provider, hint) => {
		const end = await runWith(provider, {models: ['phi3'], model: 'nothing-like-it'});
		expect(end.code, end.err).toBe(4);
		expect(lastLineOf(end)).toContain(hint);
		expect(eventsOf(end).at(-1)).toMatchObject({type: 'run-stopped', report: {exitCode: 4}});
	});
});

describe('a task may be anything', () => {
	async function plan(task: string): Promise<ProgramEnd> {
		const home = await temporaryDirectory();
		const directory = await prepare(home);
		const end = await runProgram(['run', 'team', '-', '--plan-only'], {
			home,
			directory,
			input: task,
		});
		const shown = await runProgram(['show', 'last'], {home});
		const listed = await runProgram(['runs'], {home});
		const found = await runProgram(['show', 'last', '--json'], {home});
		expect([end.code, shown.code, listed.code, found.code], end.err).toEqual([0, 0, 0, 0]);
		expect(JSON.parse(found.out)).toMatchObject({task});
		const all = [end, shown, listed].map(({out, err}) => out + err).join('');
		expect(all, 'nothing raw reaches the terminal').not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202e]/);
		expect(listed.out.length, 'a line of the list is short').toBeLessThan(300);
		return {...end, out: all};
	}

	test('1 MB of text', async () => {
		const {out} = await plan('wörd '.repeat(180_000));
		expect(out.length).toBeLessThan(20_000);
	});

	test('escapes and other things that cannot be seen', async () => {
		const {out} = await plan(
			'clean \x1b]0;owned\x07\x1b[2J\x1b[31mup\r\u202eevil\u200b\x07\x9b31m now',
		);
		expect(out).toContain('clean');
	});

	test('emoji and other scripts', async () => {
		const {out} = await plan('👩‍👩‍👧 räum auf 整理 تنظيف');
		expect(out).toContain('👩‍👩‍👧 räum auf 整理 تنظيف');
	});

	test('more than 2 MB is refused with where to put it', async () => {
		const end = await runProgram(['run', 'team', '-'], {
			home,
			directory,
			input: 'x'.repeat(2 * 1024 * 1024 + 1),
		});
		expectRefusal(end, /larger than 2 MB\n→ put it in a file/);
	});
});
