import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {runProgram} from '../helpers/program.ts';
import {openTerminal, type Terminal, type TerminalOptions} from '../helpers/terminal.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {patience} from '../helpers/patience.ts';

let home: string;
let project: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	project = path.join(home, 'project');
});

function open(args: readonly string[], options: Partial<TerminalOptions> = {}): Terminal {
	return openTerminal(args, {home, columns: 120, rows: 36, ...options});
}

function demo(options?: Partial<TerminalOptions>): Terminal {
	return open(['demo', '--fast', '-d', project], options);
}

/** Keys that decide are dead for a moment after a request has appeared. */
async function typeOnceAlive(terminal: Terminal, key: string, until: RegExp): Promise<void> {
	while (!until.test(terminal.text())) {
		terminal.type(key);
		await terminal.waitFor(until, 300).catch(() => undefined);
	}
}

test('the demo from the first key to the report: home, plan, approval, work, summary on the normal screen', async () => {
	const terminal = open([]);
	await terminal.waitFor('the demo: a complete run with a scripted model');
	expect(terminal.isAlternate()).toBe(true);
	await terminal.waitFor('no key → export ANTHROPIC_API_KEY');
	terminal.type('d');
	await terminal.waitFor('Approval 1 of 1 · revision 1 of the plan');
	await terminal.waitFor('[scripted model]');
	await terminal.waitFor('runs npm test');
	await typeOnceAlive(terminal, 'a', /Approved: revision 1/);
	await terminal.waitFor('UNSANDBOXED');
	await terminal.waitFor(/completed: .*final checks passed/);
	terminal.type('q');
	await terminal.waitFor(/✓ completed +6\/7/);
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
	expect(terminal.isAlternate()).toBe(false);
	expect(terminal.text()).toMatch(/✓ npm test \(final\)[^]*completed: .* → llm-orchestrator undo/);
});

test('a plan is rejected with feedback of several lines, edited in the editor, and decided on by its revision', async () => {
	const editor = path.join(home, 'editor.sh');
	await writeFile(editor, '#!/bin/sh\nsed -i s/Parse/Parsing/ "$1"\n');
	await chmod(editor, 0o755);
	const terminal = demo({environment: {EDITOR: editor}});
	await terminal.waitFor('revision 1 of the plan');
	await typeOnceAlive(terminal, 'r', /what should be different\?/);
	terminal.type('\x1b[200~leave the README alone\rand be quick\x1b[201~');
	await terminal.waitFor('and be quick');
	terminal.type('\r');
	await terminal.waitFor('Approval 1 of 1 · revision 2 of the plan');
	await terminal.waitFor('is a script and cannot follow');
	terminal.type('e');
	await terminal.waitFor('revision 3 of the plan');
	await terminal.waitFor('it waits for you');
	const asked = await runProgram(['show', 'last', '--json'], {home});
	expect(asked.out).toContain('Parsing');
	await typeOnceAlive(terminal, 'r', /what should be different\?/);
	terminal.type('\r');
	await terminal.waitFor('Reject the plan without feedback?');
	terminal.type('y');
	await terminal.waitFor('rejected: the plan was rejected');
	terminal.type('q');
	expect(await terminal.ended).toBe(3);
});

test('what is typed ahead or pasted approves nothing, Enter shows the whole, and another process can decide', async () => {
	const terminal = demo();
	terminal.type('aaaa\raaaa');
	await terminal.waitFor('revision 1 of the plan');
	terminal.type('aaaa');
	terminal.type('\x1b[200~a\x1b[201~');
	terminal.type('\r');
	await terminal.waitFor('Request: revision 1 of the plan');
	await terminal.waitFor('? waits for you');
	terminal.type('\x1b');
	await terminal.waitFor('Approval 1 of 1');
	const approved = await runProgram(['approve', 'last'], {home});
	expect(approved.code, approved.err).toBe(0);
	await terminal.waitFor(/running|completed/);
	await expect.poll(terminal.text, patience).not.toContain('Approval 1 of 1');
});

test('q asks before it stops a run; stopped it can be resumed, and attached to from elsewhere', async () => {
	const terminal = demo();
	await terminal.waitFor('revision 1 of the plan');
	terminal.type('q');
	await terminal.waitFor('Leave a run that is still running?');
	const attached = open(['attach', 'last']);
	await attached.waitFor('[attached]');
	await attached.waitFor('revision 1 of the plan');
	attached.type('q');
	expect(await attached.ended).toBe(0);
	expect(attached.text()).toContain('is still running → llm-orchestrator attach');
	terminal.type('\x1b');
	await terminal.waitFor('Approval 1 of 1');
	terminal.type('q');
	await terminal.waitFor('Leave a run that is still running?');
	terminal.type('s');
	expect(await terminal.ended).toBe(130);
	expect(terminal.text()).toMatch(/interrupted: .* → llm-orchestrator resume \S+$/);
	const resumed = open(['resume', 'last', '--fast']);
	await resumed.waitFor('revision 1 of the plan');
	await typeOnceAlive(resumed, 'a', /Approved|running/);
	await resumed.waitFor('final checks passed');
	resumed.type('q');
	expect(await resumed.ended).toBe(0);
});

test('Ctrl+C counts only when it comes twice', async () => {
	const terminal = demo();
	await terminal.waitFor('revision 1 of the plan');
	terminal.type('\x03');
	await terminal.waitFor('Press Ctrl+C again to stop the run');
	terminal.type('\x03');
	expect(await terminal.ended).toBe(130);
	expect(terminal.isAlternate()).toBe(false);
});

test('messages, interrupt, pause, cancel and retry by key, each only for what it names', async () => {
	const terminal = open(['demo', '-d', project]);
	await terminal.waitFor('revision 1 of the plan');
	await typeOnceAlive(terminal, 'a', /Approved: revision 1/);
	await terminal.waitFor(/parse .*teammate-1/);
	terminal.type('p');
	await terminal.waitFor('Paused: nothing new starts');
	terminal.type('p');
	await terminal.waitFor('Unpaused.');
	terminal.type('1jm');
	await terminal.waitFor('Message to teammate-1');
	terminal.type('be quick, please');
	terminal.type('\r');
	await terminal.waitFor('Sent to teammate-1.');
	await terminal.waitFor('be quick, please');
	terminal.type('2G');
	terminal.type('x');
	await terminal.waitFor('Cancel subtask describe?');
	terminal.type('y');
	await terminal.waitFor(/describe .*cancelled/);
	terminal.type('R');
	await terminal.waitFor('Queued describe for retry.');
	await terminal.waitFor('final checks passed');
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
});

test.each([
	[200, 60],
	[120, 36],
	[80, 24],
	[60, 15],
])('at %i×%i the plan can be approved and nothing leaves the screen', async (columns, rows) => {
	const terminal = demo({columns, rows});
	await terminal.waitFor('revision 1 of the plan');
	await typeOnceAlive(terminal, 'a', /Approved|running|completed/);
	await terminal.waitFor(/completed: /);
	expect(terminal.screen()).toHaveLength(rows);
	await expect.poll(() => terminal.screen()[0], patience).toContain('6/7  ✓ completed');
	await expect.poll(() => terminal.screen().at(-1), patience).toMatch(/q quit/);
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
});

test('a screen that is too small says so, the run goes on, and it comes back', async () => {
	const terminal = demo({columns: 40, rows: 10});
	await terminal.waitFor('40×10 is too small');
	await terminal.waitFor('1 decision waits for you');
	terminal.resize(1, 1);
	terminal.resize(120, 36);
	await terminal.waitFor('Approval 1 of 1');
	terminal.type('\x03\x03');
	expect(await terminal.ended).toBe(130);
});

test('a resize storm leaves a whole screen behind', async () => {
	const terminal = demo();
	await terminal.waitFor('revision 1 of the plan');
	for (let turn = 0; turn < 300; turn++) {
		terminal.resize(1 + ((turn * 37) % 250), 1 + ((turn * 17) % 80));
	}

	terminal.resize(100, 30);
	await terminal.waitFor(/^ llm-orchestrator [^]*1 Team[^]*Approval 1 of 1[^]*Tab pane[^]*help$/);
	terminal.type('\x03\x03');
	expect(await terminal.ended).toBe(130);
});

test('with CI set the screen is there all the same, and NO_COLOR leaves no color', async () => {
	const terminal = demo({environment: {CI: '', NO_COLOR: '1'}});
	await terminal.waitFor('Approval 1 of 1');
	expect(terminal.isAlternate()).toBe(true);
	expect(terminal.raw()).not.toMatch(/\x1b\[[0-9;]*3[0-7]m/);
	terminal.type('\x03\x03');
	await terminal.ended;
});

test('help comes from the key map and goes away', async () => {
	const terminal = open([]);
	await terminal.waitFor('Providers');
	terminal.type('?');
	await terminal.waitFor('Anywhere');
	await terminal.waitFor('write a task for the selected team');
	terminal.type('\x1b');
	await terminal.waitFor('Providers');
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
	expect(terminal.isAlternate()).toBe(false);
});

test('keys that come before the first frame are not written into it', async () => {
	const terminal = open([]);
	const typing = setInterval(() => {
		terminal.type('k');
	}, 2);
	onTestFinished(() => {
		clearInterval(typing);
	});
	await terminal.waitFor('llama-server --jinja');
	await terminal.waitFor('q quit');
	await expect.poll(() => terminal.screen()[0], patience).toContain('llm-orchestrator');
	await expect.poll(() => terminal.text().match(/─ Providers ─/g), patience).toHaveLength(1);
});

test('a team is made, tested, given a task and deleted by keys', async () => {
	await mkdir(project);
	const terminal = open([], {directory: project});
	await terminal.waitFor('Providers');
	terminal.type('n');
	await terminal.waitFor('New team');
	terminal.type('Bad!Name demo');
	terminal.type('\r');
	await terminal.waitFor('is not a valid team name');
	terminal.type('\x15');
	terminal.type('crew demo\r');
	await terminal.waitFor('Created team crew');
	terminal.type('t');
	await terminal.waitFor('tool-call:');
	terminal.type('\r');
	await terminal.waitFor('Describe the task.');
	terminal.type('Say something');
	terminal.type('\r');
	await terminal.waitFor('Approval 1 of 1');
	await typeOnceAlive(terminal, 'a', /Approved|running|completed/);
	await terminal.waitFor(/wants to use|completed: /);
	await typeOnceAlive(terminal, 'a', /completed: /);
	terminal.type('q');
	await terminal.waitFor(/completed +1\/1 +Say something/);
	expect(await readFile(path.join(project, 'scripted-model.md'), 'utf8')).toContain('scripted');
	terminal.type('\x1b[Z');
	terminal.type('D');
	await terminal.waitFor('Delete team crew?');
	terminal.type('y');
	await terminal.waitFor('none yet');
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
});

test('a recorded run is played again, with pause, speed and jumps', async () => {
	const recorded = await runProgram(['demo', '--fast', '-d', project], {home});
	expect(recorded.code, recorded.err).toBe(0);
	const terminal = open(['replay', 'last', '--speed', '4']);
	await terminal.waitFor(/\[replay \d+\/\d+ ×4\]/);
	terminal.type(' ');
	await terminal.waitFor(/\[replay \d+\/\d+ paused\]/);
	terminal.type('+');
	terminal.type(' ');
	await terminal.waitFor('×8]');
	terminal.type('>');
	await terminal.waitFor('final checks passed');
	terminal.type('m');
	await terminal.waitFor('Replay: commands are disabled.');
	terminal.type('<');
	await terminal.waitFor(/\[replay \d{1,2}\//);
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
});

test('without a terminal the full-screen view is refused with what to do instead', async () => {
	const end = await runProgram(['demo', '--ui', 'tui', '-d', project], {home});
	expect(end.code).toBe(2);
	expect(end.err).toContain('use --ui inline for people, --json for programs');
	const alone = await runProgram([], {home});
	expect(alone.code).toBe(0);
	expect(alone.out).toContain('Usage: llm-orchestrator');
});
