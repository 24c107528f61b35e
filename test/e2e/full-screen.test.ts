import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {prepareDemoScreen, type DemoScreen} from '../helpers/demo-screen.ts';
import {runProgram} from '../helpers/program.ts';

let screen: DemoScreen;

beforeEach(async () => {
	screen = await prepareDemoScreen();
});

test('the demo from the first key to the report: home, plan, approval, work, summary on the normal screen', async () => {
	const terminal = screen.open([]);
	await terminal.waitFor('the demo: a complete run with a scripted model');
	expect(terminal.isAlternate()).toBe(true);
	await terminal.waitFor('no key → export ANTHROPIC_API_KEY');
	terminal.type('d');
	await terminal.waitFor('Request 1 of 1 · revision 1 of the plan');
	await terminal.waitFor('[scripted model]');
	await terminal.waitFor('runs npm test');
	await terminal.typeUntil('a', /Approved: revision 1/);
	await terminal.waitFor('UNSANDBOXED');
	await terminal.waitFor(/completed: .*final checks passed/);
	terminal.type('q');
	await terminal.waitFor(/✓ completed +6\/7/);
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
	expect(terminal.isAlternate()).toBe(false);
	expect(terminal.text()).toMatch(/✓ npm test \(final\)[^]*completed: .* → llm-orchestrator undo/);
});

test('q asks before it stops a run; stopped it can be resumed, and attached to from elsewhere', async () => {
	const terminal = screen.demo();
	await terminal.waitFor('revision 1 of the plan');
	terminal.type('q');
	await terminal.waitFor('Leave a run that is still running?');
	const attached = screen.open(['attach', 'last']);
	await attached.waitFor('[attached]');
	await attached.waitFor('revision 1 of the plan');
	attached.type('q');
	expect(await attached.ended).toBe(0);
	expect(attached.text()).toContain('is still running → llm-orchestrator attach');
	terminal.type('\x1b');
	await terminal.waitFor('Request 1 of 1');
	terminal.type('q');
	await terminal.waitFor('Leave a run that is still running?');
	terminal.type('s');
	expect(await terminal.ended).toBe(130);
	expect(terminal.text()).toMatch(/interrupted: .* → llm-orchestrator resume \S+$/);
	const resumed = screen.open(['resume', 'last', '--fast']);
	await resumed.waitFor('revision 1 of the plan');
	await resumed.typeUntil('a', /Approved|running/);
	await resumed.waitFor('final checks passed');
	resumed.type('q');
	expect(await resumed.ended).toBe(0);
});

test('Ctrl+C counts only when it comes twice', async () => {
	const terminal = screen.demo();
	await terminal.waitFor('revision 1 of the plan');
	terminal.type('\x03');
	await terminal.waitFor('Press Ctrl+C again to stop the run');
	terminal.type('\x03');
	expect(await terminal.ended).toBe(130);
	expect(terminal.isAlternate()).toBe(false);
});

test('help comes from the key map and goes away', async () => {
	const terminal = screen.open([]);
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

test('a team is made, tested, given a task and deleted by keys', async () => {
	await mkdir(screen.project);
	const terminal = screen.open([], {directory: screen.project});
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
	await terminal.waitFor('Request 1 of 1');
	await terminal.typeUntil('a', /Approved|running|completed/);
	await terminal.waitFor(/wants to use|completed: /);
	await terminal.typeUntil('a', /completed: /);
	terminal.type('q');
	await terminal.waitFor(/completed +1\/1 +Say something/);
	expect(await readFile(path.join(screen.project, 'scripted-model.md'), 'utf8')).toContain(
		'scripted',
	);
	terminal.type('\x1b[Z');
	terminal.type('D');
	await terminal.waitFor('Delete team crew?');
	terminal.type('y');
	await terminal.waitFor('none yet');
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
});

test('a recorded run is played again, with pause, speed and jumps', async () => {
	const recorded = await runProgram(['demo', '--fast', '-d', screen.project], {home: screen.home});
	expect(recorded.code, recorded.err).toBe(0);
	const terminal = screen.open(['replay', 'last', '--speed', '4']);
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
	const end = await runProgram(['demo', '--ui', 'tui', '-d', screen.project], {home: screen.home});
	expect(end.code).toBe(2);
	expect(end.err).toContain('use --ui inline for people, --json for programs');
	const alone = await runProgram([], {home: screen.home});
	expect(alone.code).toBe(0);
	expect(alone.out).toContain('Usage: llm-orchestrator');
});
