import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {answerJson, call, type Script} from '../helpers/model-server.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFilesPlan, turnOf, wantsPlan} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

/** One teammate that runs the same command twice, then another one. */
const script: Script = request => {
	if (wantsPlan(request)) {
		return answerJson({
			...threeFilesPlan,
			subtasks: threeFilesPlan.subtasks.slice(0, 1),
			checks: [{name: 'there', command: 'test -f one.txt'}],
		});
	}

	const commands = ['echo one >> one.txt', 'echo one >> one.txt', 'echo two >> one.txt'];
	const command = commands[turnOf(request)];
	return command === undefined
		? call('finish', {summary: 'wrote it'})
		: call('run_command', {command});
};

test('a command is asked for line by line: words of any case, "A" for good, and what else is no answer', async () => {
	const home = await temporaryDirectory();
	const directory = path.join(home, 'project');
	await mkdir(directory);
	await createScriptedTeam(home, script);
	const words = ['run', 'team', 'write one.txt', '--approve', 'all', '--ui', 'inline'];
	const terminal = openTerminal(words, {home, directory});
	await terminal.waitFor('[a]pprove, [A]lways, [r]eject:');
	terminal.type('what\r');
	await terminal.waitFor('Answer a, A or r.');
	terminal.type('A\r');
	await terminal.waitFor(/echo two[^]*\[r\]eject: *$/);
	terminal.type('YES\r');
	expect(await terminal.ended, terminal.text()).toBe(0);
	expect(await readFile(path.join(directory, 'one.txt'), 'utf8')).toBe('one\none\ntwo\n');
});
