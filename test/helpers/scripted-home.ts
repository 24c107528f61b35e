import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {expect, onTestFinished, vi} from 'vitest';
import {answerJson, call, startModelServer, type ModelServer, type Script} from './model-server.ts';
import {runProgram} from './program.ts';
import {threeFilesPlan} from './scripted-team.ts';
import {patience} from './patience.ts';

/** Makes the team `team` in a home: its models are played by a script. */
export async function createScriptedTeam(home: string, script: Script): Promise<ModelServer> {
	const server = await startModelServer(script);
	onTestFinished(async () => server.close());
	const words = ['create', 'team', '-p', 'llama-server', '-m', 'test-model', '-u', server.url];
	const end = await runProgram(words, {home});
	expect(end.code, end.err).toBe(0);
	return server;
}

/** A teammate whose first command says who runs it and waits for longer than any test. */
export function sleepyTeam(home: string): Script {
	const pids = path.join(home, 'pids');
	return request =>
		request.schema
			? answerJson({...threeFilesPlan, subtasks: threeFilesPlan.subtasks.slice(0, 1), checks: []})
			: call('run_command', {
					command: `echo "$PPID $$" > ${pids}.new; mv ${pids}.new ${pids}; echo asleep; sleep 1000`,
				});
}

/** The program and the command of a sleepy team, as process ids, once both are there. */
export async function sleepersOf(home: string): Promise<readonly number[]> {
	const text = await vi.waitFor(async () => readFile(path.join(home, 'pids'), 'utf8'), patience);
	return text.trim().split(' ').map(Number);
}

/** Of these processes those that still run; what nobody has reaped yet does not. */
export async function stillAlive(pids: readonly number[]): Promise<readonly number[]> {
	const {stdout} = await execa({reject: false})`ps -o pid=,stat= -p ${pids.join(',')}`;
	return stdout
		.split('\n')
		.map(line => line.trim().split(/\s+/))
		.filter(([, stat = 'Z']) => !stat.startsWith('Z'))
		.map(([pid]) => Number(pid));
}

/** Approves what the last run asks for, by a process of its own. */
export async function approveLast(home: string): Promise<void> {
	const approved = await runProgram(['approve', 'last'], {home});
	expect(approved.code, approved.err).toBe(0);
}
