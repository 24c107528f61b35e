import {access, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate} from 'node:timers/promises';
import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest';
import {delivered} from '../helpers/model-server.ts';
import {filesIn} from '../helpers/files.ts';
import {programFile, runProgram, startProgram} from '../helpers/program.ts';
import {openPty, typeUntil, type Pty} from '../helpers/pty.ts';
import {readEvents} from '../helpers/run-log.ts';
import {createScriptedTeam, sleepersOf, sleepyTeam, stillAlive} from '../helpers/scripted-home.ts';
import {threeFiles, threeFilesTeam, turnOf, wantsPlan} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {patience} from '../helpers/patience.ts';

const node = process.execPath;
const demo = [node, programFile, 'demo', '--fast'];
const run = ['run', 'team', 'write three files', '--permission', 'all'];
const unattended = [node, programFile, ...run, '--approve', 'all'];

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

function open(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Pty {
	return openPty(words, {home, directory, environment});
}

const shell = (command: string) => ['bash', '--norc', '-c', command];
const interactiveShell = ['bash', '--norc', '-i'];

function expectRestored(pty: Pty): void {
	expect(pty.isAlternate()).toBe(false);
	expect(pty.modes()).toEqual([]);
}

async function lastRun(): Promise<unknown> {
	const {out, err} = await runProgram(['show', 'last', '--json'], {home});
	expect(err).toBe('');
	return JSON.parse(out);
}

/** A module that is loaded before the program, and does harm when it gets SIGUSR2. */
async function plant(code: string): Promise<Record<string, string>> {
	const file = path.join(home, 'plant.mjs');
	await writeFile(file, code);
	return {NODE_OPTIONS: `--import ${file}`};
}

describe('a terminal that is closed', () => {
	test.each([
		['of the program alone', unattended],
		['of a shell, which tells of it as the kernel does', interactiveShell],
		[
			'of a script that keeps the signal to itself',
			shell(`trap : HUP; ${unattended.map(quoted).join(' ')}`),
		],
	])(
		'%s stops the run so that it can be resumed, and leaves no process behind',
		async (_, words) => {
			await createScriptedTeam(home, sleepyTeam(home));
			const pty = open(words);
			if (words === interactiveShell) {
				await pty.waitFor(/prompt>/);
				pty.type(`${unattended.map(quoted).join(' ')}\r`);
			}

			const pids = await sleepersOf(home);
			await pty.waitFor(/running/);
			expect(await stillAlive(pids)).toHaveLength(2);
			pty.hangUp();
			await vi.waitFor(async () => {
				expect(await stillAlive(pids)).toEqual([]);
			}, patience);
			expect(await lastRun()).toMatchObject({
				status: 'stopped',
				live: false,
				report: {outcome: 'terminated', reason: 'ended by SIGHUP'},
			});
		},
	);
});

describe('Ctrl+Z', () => {
	test('gives the shell back, and fg the screen, also in another size', async () => {
		const pty = open(interactiveShell);
		await pty.waitFor(/prompt>/);
		pty.type(`${demo.map(quoted).join(' ')}\r`);
		await pty.waitFor(/revision 1 of the plan/);
		pty.type('\x1a');
		await pty.waitFor(/Stopped/);
		expect(pty.isAlternate()).toBe(false);
		pty.type('echo $((40 + 2))\r');
		await pty.waitFor(/^42$/m);
		pty.resize(90, 26);
		pty.type('fg\r');
		await pty.waitFor(/q quit {2}\? help/);
		expect(pty.isAlternate()).toBe(true);
		await expect.poll(() => pty.screen()[0], patience).toMatch(/^ \[scripted model\] .* tok$/);
		await expect.poll(() => pty.screen()[25], patience).toContain('q quit');
		pty.type('?');
		await pty.waitFor(/any other key: back/);
		pty.type('\x03\x03');
		await pty.waitFor(/interrupted: stopped by Ctrl\+C[^]*prompt>\s*$/);
	});

	test('where no shell could bring it back stops nothing, and says so', async () => {
		const pty = open(demo);
		await pty.waitFor(/revision 1 of the plan/);
		pty.type('\x1a');
		await pty.waitFor(/no shell to return to/);
		pty.type('?');
		await pty.waitFor(/any other key: back/);
		expect(pty.isAlternate()).toBe(true);
	});
});

test('keys that were typed ahead do not shift the first line', async () => {
	const pty = open(demo);
	pty.type('typed ahead');
	await pty.waitFor(/revision 1 of the plan/);
	await expect.poll(() => pty.screen()[0], patience).toMatch(/^ llm-orchestrator .* tok$/);
});

test('a terminal that knows no size is drawn on as if it had the usual one', async () => {
	const pty = open(shell(`stty rows 0 columns 0; exec ${demo.map(quoted).join(' ')}`));
	await pty.waitFor(/revision 1 of the plan/);
	await expect.poll(() => pty.screen()[0], patience).toContain('[scripted model]');
	await expect.poll(() => pty.screen()[23], patience).toContain('q quit');
});

describe('an error', () => {
	test.each([
		['in a component', 'TeamPane', ''],
		['on a key', 'handleRunKey', 'j'],
		['in what follows the run', 'takeEvent', ''],
	])('%s ends the view alone: it is named, and the run goes on in lines', async (_, place, key) => {
		const harmed = Promise.withResolvers<void>();
		await createScriptedTeam(home, async request => {
			await (turnOf(request) > 0 ? harmed.promise : undefined);
			return threeFilesTeam(request);
		});
		const armed = path.join(home, 'armed');
		const pty = open(
			unattended,
			await plant(`
				import {writeFileSync} from 'node:fs';
				let armed = false;
				process.on('SIGUSR2', () => {
					armed = true;
					Error.stackTraceLimit = 50;
					writeFileSync(${JSON.stringify(armed)}, '');
				});
				for (const name of ['map', 'slice', 'flatMap']) {
					const real = Array.prototype[name];
					Array.prototype[name] = function (...args) {
						if (armed && new Error().stack.includes(${JSON.stringify(place)})) {
							throw new Error('planted');
						}
						return real.apply(this, args);
					};
				}`),
		);
		await pty.waitFor(/4 teammate-1/);
		process.kill(pty.pid, 'SIGUSR2');
		await vi.waitFor(async () => access(armed), patience);
		harmed.resolve();
		await typeUntil(
			pty,
			key,
			/internal error in the full-screen view: planted → please report it\s+The run continues in lines/,
		);
		expect(await pty.ended).toBe(0);
		await pty.waitFor(/completed: 3 of 3 subtasks are done/);
		expectRestored(pty);
		expect(await filesIn(directory)).toEqual(threeFiles);
	});

	test.each([
		['that nobody caught', `throw new Error('planted');`, 1, /Error: planted/],
		['that ends the process', 'process.exit(7);', 7, /^/],
	])('%s restores the terminal before it is told', async (_, harm, code, told) => {
		const pty = open(demo, await plant(`process.on('SIGUSR2', () => { ${harm} });`));
		await pty.waitFor(/revision 1 of the plan/);
		process.kill(pty.pid, 'SIGUSR2');
		expect(await pty.ended).toBe(code);
		await pty.waitFor(told);
		expectRestored(pty);
	});
});

test('a run whose process is killed is not shown as running for ever, and goes on from its view', async () => {
	await createScriptedTeam(home, sleepyTeam(home));
	const owner = startProgram([...run, '--approve', 'all', '--json'], {home, directory});
	const pids = await sleepersOf(home);
	onTestFinished(async () => {
		for (const pid of await stillAlive(pids)) {
			process.kill(pid, 'SIGKILL');
		}
	});
	const pty = open([node, programFile, 'attach', 'last']);
	await pty.waitFor(/\[attached\] .*◐ running {2}(?!00:00)\d\d:\d\d/);
	owner.kill('SIGKILL');
	await pty.waitFor(/■ stopped[^]*Its process died/);
	pty.type('R');
	await pty.waitFor(/subtask one · attempt 2/);
	pty.type('\x03\x03');
	await pty.ended;
	expect(await lastRun()).toMatchObject({report: {reason: 'stopped by Ctrl+C'}});
});

test('a full disk ends the run, says what to do, and leaves the terminal as it was', async () => {
	await createScriptedTeam(home, request =>
		wantsPlan(request) || turnOf(request) > 0
			? threeFilesTeam(request)
			: {
					kind: 'answer',
					text: Array.from({length: 25_000}, (_, index) => `word ${index}`).join(' '),
					calls: [{name: 'write_file', arguments: {path: 'one.txt', content: 'one'}}],
				},
	);
	// No file can grow over 100 blocks of 512 or 1024 bytes.
	const pty = open(shell(`ulimit -f 100; exec ${unattended.map(quoted).join(' ')}`));
	await pty.waitFor(/store-failed: cannot store a blob/);
	pty.type('q');
	// Unlike a full disk, the limit also sends SIGXFSZ (25), which Node stops ignoring while it exits.
	expect([8, 128 + 25]).toContain(await pty.ended);
	await pty.waitFor(/store-failed: .*resume/s);
	expectRestored(pty);
});

test('an answer that is cut off is asked for again, in sight', async () => {
	let isCut = false;
	await createScriptedTeam(home, request => {
		const answer = threeFilesTeam(request);
		if (request.schema || isCut || answer.kind !== 'answer') {
			return answer;
		}

		isCut = true;
		const text = `I was saying ${'so '.repeat(100)}`;
		return delivered({...answer, text}, {how: 'destroyed', afterBytes: 600});
	});
	const pty = open(unattended);
	await pty.waitFor(/call failed \(try 1, retrying in/);
	await pty.waitFor(/completed: 3 of 3 subtasks are done/);
	pty.type('q');
	expect(await pty.ended).toBe(0);
});

describe('keys that nobody meant', () => {
	test.each([
		['home', '', [node, programFile], /Providers/],
		['a run', '', demo, /revision 1 of the plan/],
		['a box', 'm', demo, /revision 1 of the plan/],
		['the help', '?', demo, /revision 1 of the plan/],
	])(
		'300 of them on %s break nothing: the screen is whole, and Ctrl+C leaves it',
		async (_, key, words, shown) => {
			const pty = open(words, {EDITOR: 'true', PAGER: 'true'});
			await pty.waitFor(shown);
			pty.type(key);
			for (const keys of garbage(300)) {
				pty.type(keys);
				await setImmediate();
			}

			pty.type('\x1b[201~\x1b');
			pty.resize(120, 36);
			await vi.waitFor(
				() => {
					pty.type('\x1b');
					expect(pty.screen()[0]).toMatch(/llm-orchestrator|━ Keys/);
					expect(pty.screen()[35]).toMatch(/quit|^$/);
				},
				{...patience, interval: 100},
			);
			pty.type('\x03\x03');
			expect([0, 9, 130]).toContain(await pty.ended);
			expectRestored(pty);
		},
	);

	test('pasted into a terminal that does not mark it, a text does nothing to the run', async () => {
		const pty = open(demo);
		await pty.waitFor(/revision 1 of the plan/);
		pty.type('pipa Ry it');
		pty.type('?');
		await pty.waitFor(/any other key: back/);
		const types = new Set((await readEvents(home)).map(({type}) => type));
		expect(types).not.toContain('run-paused');
		expect(types).not.toContain('interrupted');
		expect(types).not.toContain('approval-decided');
	});
});

function quoted(word: string): string {
	return `'${word}'`;
}

/** Keys, halves of keys, replies of terminals and binary; always the same, without those that leave or stop. */
function* garbage(count: number): Iterable<string> {
	const pieces = [
		'\x1b[A',
		'\x1b[6~',
		'\x1bOP',
		'\x1b[200~',
		'\x1b',
		'\x1b[I',
		'\x1b[<0;9;9M',
		'\x1b[1;5D',
	];
	const more = [
		'\x1b]11;rgb:ff/ff/ff\x07',
		'\x1b[?62c',
		'\xC3(',
		'😀',
		'\0',
		'\x7F',
		'\t',
		'\r',
		'\n',
		'\x1b[Z',
	];
	let seed = 7;
	const next = (below: number) => {
		seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
		return seed % below;
	};
	const all = [...pieces, ...more];
	for (let index = 0; index < count; index++) {
		const letter = String.fromCharCode(33 + next(200));
		yield next(3) === 0
			? (all[next(all.length)] ?? '')
			: 'qX\x83\x84\x9A'.includes(letter)
				? 'j'
				: letter;
	}
}
