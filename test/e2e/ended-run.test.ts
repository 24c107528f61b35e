import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {openTerminal} from '../helpers/terminal.ts';

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

test('a run that stops at a limit goes on from its screen with more, and what it wrote is undone there', async () => {
	await createScriptedTeam(home, threeFilesTeam);
	const modes = ['--approve', 'all', '--permission', 'all', '--max-tokens', '2000'];
	const terminal = openTerminal(['run', 'team', 'write three files', '-d', directory, ...modes], {
		home,
		columns: 120,
		rows: 36,
	});
	await terminal.waitFor(/ limit-reached: .* of its 2000 tokens/);
	terminal.type('!');
	await terminal.waitFor('--max-tokens 4000');
	terminal.type('R');
	await terminal.waitFor('Resume with a limit of 4.0k tokens?');
	terminal.type('b');
	await terminal.waitFor('Resume with another limit?');
	terminal.type('90k\r');
	await terminal.waitFor(/3\/3 +✓ completed .*\/90\.0k tok/);
	expect(await filesIn(directory)).toEqual(threeFiles);
	terminal.type('u');
	await terminal.waitFor('Undo changes to 3 files?');
	terminal.type('y');
	await terminal.waitFor(/3\/3 +✓ undone/);
	expect(await filesIn(directory)).toEqual({});
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
	expect(terminal.text()).toMatch(/changed +undone: [^]*its change was undone$/);
	expect(terminal.text()).not.toContain('llm-orchestrator undo');
});
