import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {prepareDemoScreen, type DemoScreen} from '../helpers/demo-screen.ts';
import {patience} from '../helpers/patience.ts';
import {runProgram} from '../helpers/program.ts';

let screen: DemoScreen;

beforeEach(async () => {
	screen = await prepareDemoScreen();
});

test('a plan is rejected with feedback of several lines, edited in the editor, and decided on by its revision', async () => {
	const editor = path.join(screen.home, 'editor.sh');
	await writeFile(editor, '#!/bin/sh\nsed -i s/Parse/Parsing/ "$1"\n');
	await chmod(editor, 0o755);
	const terminal = screen.demo({environment: {EDITOR: editor}});
	await terminal.waitFor('revision 1 of the plan');
	await terminal.typeUntil('r', /what should be different\?/);
	terminal.type('\x1b[200~leave the README alone\rand be quick\x1b[201~');
	await terminal.waitFor('and be quick');
	terminal.type('\r');
	await terminal.waitFor('Request 1 of 1 · revision 2 of the plan');
	await terminal.waitFor('is a script and cannot follow');
	terminal.type('e');
	await terminal.waitFor('revision 3 of the plan');
	await terminal.waitFor('it is waiting for your approval');
	const asked = await runProgram(['show', 'last', '--json'], {home: screen.home});
	expect(asked.out).toContain('Parsing');
	await terminal.typeUntil('r', /what should be different\?/);
	terminal.type('\r');
	await terminal.waitFor('Reject the plan without feedback?');
	terminal.type('y');
	await terminal.waitFor('rejected: the plan was rejected');
	terminal.type('q');
	expect(await terminal.ended).toBe(3);
});

test('what is typed ahead or pasted approves nothing, Enter shows the whole, and another process can decide', async () => {
	const terminal = screen.demo();
	terminal.type('aaaa\raaaa');
	await terminal.waitFor('revision 1 of the plan');
	terminal.type('aaaa');
	terminal.type('\x1b[200~a\x1b[201~');
	terminal.type('\r');
	await terminal.waitFor('Request: revision 1 of the plan');
	await terminal.waitFor('? waiting for you');
	terminal.type('\x1b');
	await terminal.waitFor('Request 1 of 1');
	const approved = await runProgram(['approve', 'last'], {home: screen.home});
	expect(approved.code, approved.err).toBe(0);
	await terminal.waitFor(/running|completed/);
	await expect.poll(terminal.text, patience).not.toContain('Request 1 of 1');
});

test('messages, interrupt, pause, cancel and retry by key, each only for what it names', async () => {
	const terminal = screen.open(['demo', '-d', screen.project]);
	await terminal.waitFor('revision 1 of the plan');
	await terminal.typeUntil('a', /Approved: revision 1/);
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
