import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {expect, onTestFinished, test} from 'vitest';
import {createUnconfinedSandbox} from '../../source/sandbox/unconfined.ts';

/** A command as a killed process of this owner would leave it behind. */
function leftBehindBy(owner: string) {
	const child = spawn('sleep', ['300'], {
		detached: true,
		stdio: 'ignore',
		env: {PATH: process.env['PATH'], LLM_ORCHESTRATOR_COMMAND: `${owner}:1`},
	});
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	return child;
}

test.runIf(process.platform === 'linux')(
	'what a killed process has left running is ended by the next one of the same owner, and nothing else',
	async () => {
		const own = leftBehindBy('run-a');
		const foreign = leftBehindBy('run-ab');
		await Promise.all([once(own, 'spawn'), once(foreign, 'spawn')]);
		const ended = once(own, 'exit');
		await createUnconfinedSandbox({
			environment: process.env,
			owner: 'run-a',
			graceMs: 300,
		}).killLeftovers();
		expect(await ended).toEqual([null, 'SIGTERM']);
		expect(foreign.exitCode).toBeNull();
		expect(foreign.signalCode).toBeNull();
	},
);
