import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js';
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {z} from 'zod';
import {installProgram} from '../helpers/installed-program.ts';
import {
	runProgram,
	startProgram,
	type ProgramEnd,
	type StartedProgram,
} from '../helpers/program.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFilesPlan, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

const call = async (...words: readonly string[]) => runProgram(words, {home, directory});

const runWords = ['run', 'team', 'write three files', '--permission', 'all'];

/** A run whose plan waits for a decision. */
async function startWaiting(): Promise<StartedProgram> {
	await createScriptedTeam(home, threeFilesTeam);
	const program = startProgram([...runWords, '--json', '--approve', 'ask'], {home, directory});
	onTestFinished(() => program.kill('SIGKILL'));
	await program.waitFor('"type":"approval-requested"');
	return program;
}

function linesOf({out}: ProgramEnd): readonly Record<string, unknown>[] {
	return out
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as Record<string, unknown>);
}

async function published(name: string): Promise<object> {
	const file = new URL(`../../docs/${name}.schema.json`, import.meta.url);
	return JSON.parse(await readFile(file, 'utf8')) as object;
}

function validator(schema: object): ValidateFunction {
	return new Ajv2020({strict: true, allowUnionTypes: true, validateFormats: false}).compile(schema);
}

describe.each([
	['show', ['show', 'last']],
	['runs', ['runs']],
] as const)('%s --json', (name, words) => {
	test('has a published schema, which --json-schema prints', async () => {
		const {out} = await call(name, '--json-schema');
		expect(JSON.parse(out)).toEqual(await published(name));
	});

	test('is one document, valid by that schema while a plan waits, after a crash and at the end', async () => {
		const isValid = validator(await published(name));
		const read = async () => {
			const end = await call(...words, '--json');
			expect(end).toMatchObject({code: 0, err: ''});
			const [document, ...more] = linesOf(end);
			expect(more).toEqual([]);
			expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
			expect(isValid({...document, version: 2}), 'the schema can say no').toBe(false);
			return JSON.stringify(document);
		};
		const program = await startWaiting();
		expect(await read()).toMatch(/"live":true.*"approve":"llm-orchestrator approve \S+ \S+"/);
		program.kill('SIGKILL');
		await program.ended;
		expect(await read()).toMatch(/"status":"stopped".*"outcome":"interrupted"/);
		expect((await call('resume', 'last', '--approve', 'all')).code).toBe(0);
		expect(await read()).toMatch(/"outcome":"completed"/);
	});
});

describe('the lines of a run', () => {
	const longTask = `write three files\n${'as described here, '.repeat(600)}`;

	/** A run that ended before work, with a task and a plan over 8 KiB. */
	async function planOnly(...options: readonly string[]): Promise<ProgramEnd> {
		await createScriptedTeam(home, threeFilesTeam);
		const plan = {...threeFilesPlan, summary: 'long '.repeat(2_000)};
		await writeFile(path.join(home, 'plan.json'), JSON.stringify(plan));
		await writeFile(path.join(home, 'task.md'), longTask);
		const files = ['--plan', '../plan.json', '--task-file', '../task.md'];
		return call('run', 'team', ...files, '--plan-only', '--json', ...options);
	}

	const plain = {blob: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: expect.any(Number)};

	test('name texts over 8 KiB by their hash, a plan among them, which is JSON', async () => {
		const lines = linesOf(await planOnly());
		expect(lines[0]).toMatchObject({task: plain});
		const proposed = lines.find(({type}) => type === 'plan-proposed');
		expect(proposed).toMatchObject({plan: plain});
		const {plan} = z.object({plan: z.object({blob: z.string()})}).parse(proposed);
		const {out} = await call('show', 'last', '--blob', plan.blob);
		expect(JSON.parse(out)).toMatchObject({subtasks: [{id: 'one'}, {id: 'two'}, {id: 'both'}]});
		expect(out.endsWith('}'), 'not a byte more than its hash says').toBe(true);
	});

	test('hold every text with --full: from run, watch and show alike, valid by the schema', async () => {
		const ran = await planOnly('--full');
		expect(ran.code, ran.err).toBe(0);
		const isValid = validator(await published('events'));
		for (const line of linesOf(ran)) {
			expect(isValid(line), JSON.stringify([line, isValid.errors])).toBe(true);
		}

		expect(ran.out).not.toContain('"blob"');
		const lines = linesOf(ran);
		expect(lines[0]).toMatchObject({task: longTask});
		expect(lines.find(({type}) => type === 'plan-proposed')).toMatchObject({
			plan: {subtasks: [{id: 'one'}, {id: 'two'}, {id: 'both', dependsOn: [{subtask: 'one'}, {}]}]},
		});
		const watched = await call('watch', 'last', '--json', '--full');
		expect(linesOf(watched)).toEqual(lines);
		expect(watched).toMatchObject({code: ran.code, err: ran.err});
		const shown = await call('show', 'last', '--events', '--json', '--full');
		expect(linesOf(shown)).toEqual(lines);
	});

	test('hold the answers of models as JSON with --full', async () => {
		await createScriptedTeam(home, threeFilesTeam);
		const ran = await call(...runWords, '--json', '--full');
		expect(ran.code, ran.err).toBe(0);
		const answers = linesOf(ran).filter(({type}) => type === 'model-call-finished');
		expect(answers.length).toBeGreaterThan(5);
		for (const answer of answers) {
			expect(answer).toMatchObject({answer: {message: {role: 'assistant'}}});
		}

		const isValid = validator(await published('events'));
		expect(linesOf(ran).filter(line => !isValid(line))).toEqual([]);
	});

	test('are followed by another process, to the same end and exit code', async () => {
		const program = await startWaiting();
		const watcher = startProgram(['watch', 'last', '--json'], {home, directory});
		onTestFinished(() => watcher.kill('SIGKILL'));
		await watcher.waitFor('"type":"approval-requested"');
		expect((await call('approve', 'last')).code).toBe(0);
		const [ran, watched] = await Promise.all([program.ended, watcher.ended]);
		expect(linesOf(watched)).toEqual(linesOf(ran));
		expect(watched).toMatchObject({code: 0, err: ran.err});
	});

	test('end with why there is no report when the process died', async () => {
		const program = await startWaiting();
		program.kill('SIGKILL');
		await program.ended;
		const watched = await call('watch', 'last', '--json');
		expect(watched.code).toBe(7);
		expect(linesOf(watched).at(-1)).toEqual({
			v: 1,
			type: 'error',
			message: 'no process is running this run',
			hint: expect.stringMatching(/^llm-orchestrator resume \S+$/),
			exitCode: 7,
		});
	});
});

test.each([
	[['run', 'team', 'task', '--full'], '--full has no effect without --json'],
	[['run', 'team', 'task', '--include-deltas'], '--include-deltas has no effect without --json'],
	[['watch', 'last', '--full'], '--full has no effect without --json'],
	[['show', 'last', '--json', '--full'], '--full has no effect without --events and --json'],
	[['watch', 'last', '--json', '--agent', 'lead'], '--json and --agent cannot be combined'],
	[['show', '--json'], 'which run?'],
] as const)('%j is refused: %s', async (words, message) => {
	await createScriptedTeam(home, threeFilesTeam);
	const end = await call(...words);
	expect(end.code).toBe(2);
	expect(end.err).toContain(message);
});

test.runIf(existsSync('/dev/full'))(
	'what could not be written is not exit 0, while a reader may leave',
	async () => {
		await createScriptedTeam(home, threeFilesTeam);
		expect((await call(...runWords, '--plan-only')).code).toBe(0);
		const shell = await installProgram(home);
		for (const words of [
			'runs --json',
			'show last --json',
			'show last --events --json',
			'watch last --json',
			'runs',
			'show last',
			'list',
			'completion bash',
			'show --json-schema',
			'run --help',
			'--version',
			'list --json',
			'doctor --json',
			'test-provider demo --json',
			'runs --json-schema',
		]) {
			const full = await shell('sh', ['-c', `llm-orchestrator ${words} > /dev/full`]);
			expect(full.code, words).toBe(8);
			expect(full.err).toContain('cannot write to standard output');
			const left = await shell('bash', [
				'-c',
				`llm-orchestrator ${words} | true; echo "\${PIPESTATUS[0]}"`,
			]);
			expect(left, words).toMatchObject({out: '0\n'});
		}
	},
);

test('what is printed for programs is not rewritten for npm, unlike commands for people', async () => {
	await createScriptedTeam(home, threeFilesTeam);
	const task = 'write three files → llm-orchestrator run';
	const environment = {npm_lifecycle_event: 'orchestrator', npm_command: 'run-script'};
	const npm = async (...words: readonly string[]) =>
		runProgram(words, {home, directory, environment});
	const ran = await npm('run', 'team', task, '--json', '--plan-only');
	expect(ran.err).toContain('→ npm run orchestrator -- resume');
	expect(linesOf(ran)[0]).toMatchObject({task});
	for (const words of [
		['runs', '--json'],
		['show', 'last', '--json'],
	]) {
		expect((await npm(...words)).out).toContain(task);
	}

	expect(linesOf(await npm('run', '--json'))).toEqual([
		expect.objectContaining({hint: expect.stringMatching(/^example: llm-orchestrator run /)}),
	]);
});
