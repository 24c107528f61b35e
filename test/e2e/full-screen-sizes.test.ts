import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {prepareDemoScreen, type DemoScreen} from '../helpers/demo-screen.ts';
import {patience} from '../helpers/patience.ts';

let screen: DemoScreen;

beforeEach(async () => {
	screen = await prepareDemoScreen();
});

test.each([
	[200, 60],
	[120, 36],
	[80, 24],
	[60, 15],
])('at %i×%i the plan can be approved and nothing leaves the screen', async (columns, rows) => {
	const terminal = screen.demo({columns, rows});
	await terminal.waitFor('revision 1 of the plan');
	await terminal.typeUntil('a', /Approved|running|completed/);
	await terminal.waitFor(/completed: /);
	expect(terminal.screen()).toHaveLength(rows);
	await expect.poll(() => terminal.screen()[0], patience).toContain('6/7  ✓ completed');
	await expect.poll(() => terminal.screen().at(-1), patience).toMatch(/q quit/);
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
});

test('a screen that is too small says so, the run goes on, and it comes back', async () => {
	const terminal = screen.demo({columns: 40, rows: 10});
	await terminal.waitFor('40×10 is too small');
	await terminal.waitFor('1 decision is waiting for you');
	terminal.resize(1, 1);
	terminal.resize(120, 36);
	await terminal.waitFor('Request 1 of 1');
	terminal.type('\x03\x03');
	expect(await terminal.ended).toBe(130);
});

test('a resize storm leaves a whole screen behind', async () => {
	const terminal = screen.demo();
	await terminal.waitFor('revision 1 of the plan');
	for (let turn = 0; turn < 300; turn++) {
		terminal.resize(1 + ((turn * 37) % 250), 1 + ((turn * 17) % 80));
	}

	terminal.resize(100, 30);
	await terminal.waitFor(/^ llm-orchestrator [^]*1 Team[^]*Request 1 of 1[^]*Tab pane[^]*help$/);
	terminal.type('\x03\x03');
	expect(await terminal.ended).toBe(130);
});

test('with CI set the screen is there all the same, and NO_COLOR leaves no color', async () => {
	const terminal = screen.demo({environment: {CI: '', NO_COLOR: '1'}});
	await terminal.waitFor('Request 1 of 1');
	expect(terminal.isAlternate()).toBe(true);
	expect(terminal.raw()).not.toMatch(/\x1b\[[0-9;]*3[0-7]m/);
	terminal.type('\x03\x03');
	await terminal.ended;
});

test('keys that come before the first frame are not written into it', async () => {
	const terminal = screen.open([]);
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
