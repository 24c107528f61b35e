import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {runProgram} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

test('a script reads what a run changed, what was said, and what waits', async () => {
	const home = await temporaryDirectory();
	const directory = path.join(home, 'project');
	await mkdir(directory);
	await createScriptedTeam(home, threeFilesTeam);
	const words = ['run', 'team', 'write three files', '--permission', 'all'];
	const end = await runProgram(words, {home, directory});
	expect(end.code, end.err).toBe(0);
	const show = async (...flags: readonly string[]) =>
		runProgram(['show', 'last', ...flags], {home});

	const {out: diff} = await show('--diff');
	expect(diff).toContain('+++ b/one.txt');
	expect(diff).toMatch(/^\+both$/m);

	const answers = (await readEvents(home)).flatMap(event =>
		event.type === 'model-call-finished' && typeof event.answer !== 'string'
			? [event.answer.blob]
			: [],
	);
	expect(answers.length).toBeGreaterThan(0);
	const {out: answer} = await show('--blob', answers[0] ?? '');
	expect(JSON.parse(answer)).toMatchObject({message: {role: 'assistant'}});

	expect(JSON.parse((await show('--json')).out)).toMatchObject({
		version: 1,
		status: 'completed',
		approvals: [],
		plan: {subtasks: [{id: 'one'}, {id: 'two'}, {id: 'both'}]},
	});

	const unknown = await show('--blob', '../../etc/passwd');
	expect(unknown).toMatchObject({code: 2, out: ''});
	expect(unknown.err).toContain('has no text "../../etc/passwd"');
});
