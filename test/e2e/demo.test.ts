import {mkdir, readdir} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {beforeEach, expect, test} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {runProgram} from '../helpers/program.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

let home: string;
let project: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	project = path.join(home, 'project');
});

function demo(...args: readonly string[]): Terminal {
	return openTerminal(['demo', '--ui', 'inline', '--fast', '-d', project, ...args], {home});
}

async function testsOfProject(): Promise<number | undefined> {
	const {exitCode} = await execa('npm', ['test'], {
		cwd: project,
		reject: false,
		env: {NODE_TEST_CONTEXT: undefined},
	});
	return exitCode;
}

function resizeWildly(terminal: Terminal): void {
	for (const [columns, rows] of [
		[1, 1],
		[300, 100],
		[20, 5],
		[2, 200],
		[100, 30],
	] as const) {
		terminal.resize(columns, rows);
	}
}

const question = '[a]pprove, [r]eject:';

test('on a terminal of changing size the demo says what is real, ends green, and offers to take it back', async () => {
	const terminal = demo();
	for (const moment of ['SCRIPT', 'snapshot', 'revision 1', 'merged src/parse.js']) {
		await terminal.waitFor(moment);
		resizeWildly(terminal);
	}

	const code = await terminal.ended;
	const shown = terminal.text();
	expect(code, shown).toBe(0);
	expect(shown).toContain('The model is a SCRIPT');
	expect(shown).toContain('UNSANDBOXED');
	expect(shown).toContain('permission: all');
	expect(shown).toContain('✓ npm test (final)');
	expect(shown.split('\n').at(-1)).toMatch(/completed: .* → llm-orchestrator undo \S+$/);
	expect(terminal.raw(), 'the terminal is left as it was').not.toContain('\x1b[?1049h');
	expect(await testsOfProject()).toBe(0);
});

test('the tests of the sample project fail before, pass after, and fail again after undo', async () => {
	await mkdir(project);
	const planned = await runProgram(
		['demo', '--fast', '-d', project, '--approve', 'ask', '--decision-timeout', '1ms'],
		{home},
	);
	expect(planned.code, planned.err).toBe(6);
	const before = await filesIn(project);
	expect(await testsOfProject()).toBe(1);

	const resumed = await runProgram(['resume', 'last', '--fast', '--approve', 'criteria'], {home});
	expect(resumed.code, resumed.err).toBe(0);
	expect(await testsOfProject()).toBe(0);

	const undone = await runProgram(['undo', 'last'], {home});
	expect(undone.code, undone.err).toBe(0);
	expect(await filesIn(project)).toEqual(before);
});

test('the plan is shown above the prompt, and "a" starts the work', async () => {
	const terminal = demo('--approve', 'ask');
	const shown = await terminal.waitFor(question);
	expect(shown.indexOf('final check: npm test')).toBeGreaterThan(0);
	expect(shown.indexOf('scope           pass')).toBeLessThan(shown.indexOf('Approve revision 1'));
	terminal.type('a\r');
	expect(await terminal.waitFor('teammate-1 starts')).toContain('approved by you');
	terminal.type('\x03');
	expect(await terminal.ended).toBe(130);
});

test('"r" with feedback has the plan revised, and "n" ends with exit 3', async () => {
	const terminal = demo('--approve', 'ask');
	await terminal.waitFor(question);
	terminal.type('r\r');
	await terminal.waitFor('What should be different?');
	terminal.type('leave the README alone\r');
	await terminal.waitFor('Approve revision 2');
	await terminal.waitFor(/revision 2 of the plan and[^]*\[r\]eject:/);
	expect(terminal.text()).toContain('rejected by you: leave the README alone');
	terminal.type('n\r');
	expect(await terminal.ended).toBe(3);
	expect(terminal.text()).toMatch(/rejected: the plan was rejected → llm-orchestrator show \S+$/);
});

test('a decision of another process closes the question', async () => {
	const terminal = demo('--approve', 'ask');
	await terminal.waitFor(question);
	const approved = await runProgram(['approve', 'last'], {home});
	expect(approved.code, approved.err).toBe(0);
	expect(await terminal.waitFor('teammate-1 starts')).not.toContain(question);
});

test('Ctrl+C at the question stops the run so that it can be resumed', async () => {
	const terminal = demo('--approve', 'ask');
	await terminal.waitFor(question);
	terminal.type('\x03');
	expect(await terminal.ended).toBe(130);
	expect(terminal.text()).toMatch(/interrupted: stopped by Ctrl\+C → llm-orchestrator resume \S+$/);
	const resumed = openTerminal(['resume', 'last', '--ui', 'inline', '--fast'], {home});
	await resumed.waitFor(question);
	resumed.type('r\r');
	await resumed.waitFor('(Enter: just reject)');
	resumed.type('\r');
	expect(await resumed.ended).toBe(3);
});

test('what was typed ahead, pasted or meant otherwise decides nothing; Ctrl+D asks again', async () => {
	const terminal = demo('--approve', 'ask');
	terminal.type('a\ra\r');
	await terminal.waitFor(question);
	terminal.type('\x1b[200~yes please\x1b[201~ \u202e\x1b[31m rm -rf\x07\r');
	await terminal.waitFor('Answer a or r.');
	terminal.type('\r');
	await terminal.waitFor(/Answer a or r[^]*Answer a or r/);
	terminal.type('\x04');
	await terminal.waitFor(/Approve revision 1[^]*Approve revision 1[^]*\[r\]eject:/);
	terminal.type('n\r');
	expect(await terminal.ended).toBe(3);
});

test.each([
	['NO_COLOR', {NO_COLOR: '1'}],
	['a dumb terminal', {TERM: 'dumb'}],
])('with %s no color reaches the terminal', async (_, environment) => {
	const args = ['demo', '--ui', 'inline', '--fast', '-d', project];
	const terminal = openTerminal([...args, '--approve', 'ask', '--decision-timeout', '1ms'], {
		home,
		environment,
	});
	expect(await terminal.ended).toBe(6);
	expect(terminal.raw()).toContain('UNSANDBOXED');
	expect(terminal.raw()).not.toContain('\x1b');
});

test('a directory that is not empty is left as it is: exit 2', async () => {
	await mkdir(path.join(project, 'test'), {recursive: true});
	const end = await runProgram(['demo', '--fast', '-d', project], {home});
	expect(end.code).toBe(2);
	expect(end.err).toBe(`${project} is not empty\n→ choose a new directory with --dir\n`);
	expect(await readdir(project, {recursive: true})).toEqual(['test']);
});
