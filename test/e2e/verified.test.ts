import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {answerJson, type Script} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf, runProgram} from '../helpers/program.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFilesPlan, threeFilesTeam, wantsPlan} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

async function runWith(script: Script, ...flags: readonly string[]) {
	const server = await createScriptedTeam(home, script);
	const words = ['run', 'team', 'write three files', '--permission', 'all', ...flags];
	return {end: await runProgram(words, {home, directory}), server};
}

const unchecked = {
	...threeFilesPlan,
	subtasks: threeFilesPlan.subtasks.map(subtask => ({...subtask, checks: []})),
	checks: [],
};
const withoutChecks: Script = request =>
	wantsPlan(request) ? answerJson(unchecked) : threeFilesTeam(request);

test('a plan without any check goes back to the lead, and ends the run if it stays so', async () => {
	const {end, server} = await runWith(withoutChecks);
	expect(end.code).toBe(3);
	expect(lastLineOf(end)).toMatch(/nothing is checked.*--check.*--unverified allow/);
	expect(server.requests).toHaveLength(3);
	expect(server.requests[1]?.prompt).toContain('nothing is checked');
});

test('a check of the person is enough', async () => {
	const {end} = await runWith(withoutChecks, '--check', 'test -f both.txt');
	expect(end.code, end.err).toBe(0);
	expect(lastLineOf(end)).not.toContain('unverified');
});

test('a run that nobody checked says so everywhere', async () => {
	const {end} = await runWith(withoutChecks, '--unverified', 'allow', '--json');
	expect(end.code, end.err).toBe(0);
	expect(lastLineOf(end)).toMatch(/^\S+ completed: .*unverified: nothing was checked/);
	expect(eventsOf(end).at(-1)).toMatchObject({type: 'run-finished', report: {verified: false}});
	expect((await runProgram(['runs'], {home})).out).toContain('completed (unverified)');
	expect((await runProgram(['show', 'last'], {home})).out).toContain('unverified');
});

test('a change that is left beside the directory is not exit 0, and says why and where it is', async () => {
	const {end} = await runWith(async request => {
		// The directory was read before the lead is asked.
		await writeFile(path.join(directory, 'one.txt'), 'by the person\n');
		return threeFilesTeam(request);
	}, '--json');
	expect(end.code, end.err).toBe(10);
	const last = eventsOf(end).at(-1);
	expect(last).toMatchObject({
		type: 'run-finished',
		report: {
			outcome: 'completed',
			exitCode: 10,
			verified: true,
			delivered: {
				mode: 'patch',
				target: expect.stringMatching(/\.patch$/),
				reason: expect.stringContaining('one.txt changed in the directory'),
			},
			next: expect.stringMatching(/^git -C \S+ apply \S+\.patch$/),
			subtasks: expect.arrayContaining([
				expect.objectContaining({id: 'two', files: ['two.txt'], usage: expect.any(Object)}),
			]),
		},
	});
});
