import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {eventsOf, runProgram} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

/** Events after which the process is killed: through planning, parallel work, checks, merges, delivery. */
const moments = [1, 3, 6, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 58, 62];

test.each(moments)('killed after %i events, a run resumes to the same end', async moment => {
	const home = await temporaryDirectory();
	const directory = path.join(home, 'project');
	await mkdir(directory);
	const server = await createScriptedTeam(home, threeFilesTeam);

	const suicide = path.join(home, 'suicide.mjs');
	await writeFile(suicide, diesAfter(moment));
	const killed = await runProgram(
		['run', 'team', 'write three files', '--json', '--permission', 'all'],
		{home, directory, environment: {NODE_OPTIONS: `--import ${suicide}`}},
	);
	expect(killed.code).toBeNull();

	const resumed = await runProgram(['resume', 'last', '--json'], {home});
	expect(resumed.code, resumed.err).toBe(0);
	expect(eventsOf(resumed)[0]).toMatchObject({type: 'run-resumed', epoch: 2});
	expect(await filesIn(directory)).toEqual(threeFiles);

	const events = await readEvents(home);
	expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1));
	const answers = events.flatMap(event =>
		event.type === 'model-call-finished' ? [`${event.subtask ?? ''} ${event.request}`] : [],
	);
	expect(new Set(answers).size, 'no answer is logged twice').toBe(answers.length);
	const inFlight = server.requests.length - answers.length;
	expect(inFlight, 'only calls in flight at the crash are asked again').toBeLessThanOrEqual(2);

	const merged = events.flatMap(event =>
		event.type === 'check-started' && event.place === 'merged'
			? [`${event.subtask ?? ''} ${event.attempt ?? 0} ${event.check}`]
			: [],
	);
	expect(new Set(merged).size, 'no check of a merge runs twice in one attempt').toBe(merged.length);

	const commands = events.flatMap(event =>
		event.type === 'tool-call-started' && event.effect === 'command'
			? [`${event.subtask ?? ''} ${event.attempt ?? 0} ${event.call}`]
			: [],
	);
	expect(new Set(commands).size, 'no command runs twice in one attempt').toBe(commands.length);
});

/** A module that kills the program it is loaded into when it has printed so many lines. */
function diesAfter(lines: number): string {
	return `
		const write = process.stdout.write;
		let left = ${lines};
		process.stdout.write = function (text, ...rest) {
			const isTaken = write.call(this, text, ...rest);
			left -= String(text).split('\\n').length - 1;
			if (left <= 0) {
				process.kill(process.pid, 'SIGKILL');
			}

			return isTaken;
		};`;
}
