import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import type {CommandSpec, Sandbox} from '../../source/sandbox/sandbox.ts';
import {temporaryDirectory} from '../helpers/repository.ts';
import {patience, patienceMs} from '../helpers/patience.ts';

export type SandboxUnderTest = {
	readonly name: string;
	/** Commands see the few safe variables of `environment`; grace 300 ms, at most 2 MB of output. */
	readonly create: (environment: NodeJS.ProcessEnv) => Sandbox;
};

/** What every backend must do, confined or not. */
export function testSandbox({name, create}: SandboxUnderTest): void {
	const sandbox = create({...process.env, SOME_API_KEY: 'secret', LC_NUMERIC: 'C', CI: 'true'});
	const never = new AbortController().signal;

	const run = async (command: string, more: Partial<CommandSpec> = {}, signal = never) => {
		const directory = temporaryDirectory('sandbox');
		const spec = {...specIn(directory), command, ...more};
		return {...(await sandbox.run(spec, {signal})), directory: spec.directory};
	};

	describe(`the sandbox ${name}`, () => {
		test('runs a command line of sh as it stands, in its directory', async () => {
			const result = await run(`printf '%s|' "$0" "a  b" 'it'"'"'s' && pwd -P; exit 3`);
			expect(result).toMatchObject({exitCode: 3, endedBy: 'exit'});
			expect(result.output).toMatch(/\|a {2}b\|it's\|/);
			expect(result.output).toContain(result.directory);
			expect(result.outputBytes).toBe(Buffer.byteLength(result.output));
			expect(result.durationMs).toBeGreaterThan(0);
		});

		test('gives both outputs in the order they were written', async () => {
			const command = 'for i in 1 2 3 4 5; do echo out$i; echo err$i >&2; done';
			const {output} = await run(command);
			expect(output).toBe([1, 2, 3, 4, 5].map(i => `out${i}\nerr${i}\n`).join(''));
		});

		test('passes output on while the command runs', async () => {
			const directory = temporaryDirectory('sandbox');
			const seen: string[] = [];
			const spec = {
				...specIn(directory),
				command: 'printf "é"; while [ ! -e go ]; do sleep 0.02; done; echo done',
			};
			const running = sandbox.run(spec, {signal: never, onOutput: text => seen.push(text)});
			await vi.waitFor(() => expect(seen.join('')).toBe('é'), patience);
			spawnSync('touch', [path.join(directory, 'go')]);
			expect(await running).toMatchObject({output: 'édone\n', exitCode: 0});
			expect(seen.join('')).toBe('édone\n');
		});

		test('has nothing on its input', async () => {
			expect(await run('cat; read x; echo "read: $?"')).toMatchObject({output: 'read: 1\n'});
		});

		test('shows no variable but the safe ones, the given ones and the mark', async () => {
			const {output} = await run('env', {
				environment: {GIVEN: 'yes', LLM_ORCHESTRATOR_AGENT: 'forged'},
			});
			const names = output.split('\n').map(line => line.split('=')[0]);
			expect(output).toContain('GIVEN=yes');
			expect(output).toContain('LLM_ORCHESTRATOR_AGENT=1');
			expect(output).toContain('LC_NUMERIC=C');
			expect(names).not.toContain('SOME_API_KEY');
			expect(output).not.toContain('secret');
		});

		test('says when a signal ended the command', async () => {
			expect(await run('kill -9 $$')).toMatchObject({exitCode: null, endedBy: 'signal'});
		});

		test('rejects when the directory is missing', async () => {
			await expect(run('true', {directory: '/nowhere/at/all'})).rejects.toMatchObject({
				kind: 'tool-failed',
			});
		});

		test('keeps the beginning and the end of a long output', async () => {
			const {output, outputBytes} = await run('echo first; seq 1 100000; echo ünd; echo last', {
				maxOutputBytes: 1000,
			});
			expect(outputBytes).toBeGreaterThan(500_000);
			expect(Buffer.byteLength(output)).toBeLessThan(1100);
			expect(output).toMatch(/^first\n1\n/);
			expect(output).toMatch(/\n… \d+ bytes left out …\n/);
			expect(output).toMatch(/ünd\nlast\n$/);
		});

		test('ends a command that puts out too much', async () => {
			const {endedBy, exitCode} = await run("trap '' PIPE; yes");
			expect({endedBy, exitCode}).toEqual({endedBy: 'output-limit', exitCode: null});
		});

		test('does not start anything when it is aborted already', async () => {
			const result = await run('touch ran', {}, AbortSignal.abort());
			expect(result).toMatchObject({endedBy: 'abort', exitCode: null, output: ''});
			expect(existsSync(path.join(result.directory, 'ran'))).toBe(false);
		});
	});

	describe(`the sandbox ${name} leaves no process`, () => {
		/** Starts what `command` starts, ends it by `how`, and looks for processes that are left. */
		const survivors = async (command: string, how: 'timeout' | 'abort' | 'exit') => {
			const directory = temporaryDirectory('sandbox');
			const controller = new AbortController();
			const running = sandbox.run(
				{...specIn(directory), command, timeoutMs: how === 'timeout' ? 2_000 : patienceMs},
				{signal: controller.signal},
			);
			if (how === 'abort') {
				await vi.waitFor(() => expect(existsSync(path.join(directory, 'up'))).toBe(true), patience);
				controller.abort();
			}

			const result = await running;
			return {endedBy: result.endedBy, output: result.output, left: processesIn(directory)};
		};

		test.each([
			['that runs on', 'touch up; echo hi; sleep 1000'],
			['that ignores being asked', `trap '' TERM INT HUP; touch up; while :; do sleep 1; done`],
			['with children in the background', 'sleep 1000 & sleep 1000 & touch up; wait'],
			[
				'whose grandchild ignores being asked and holds the pipe',
				`(trap '' TERM; touch up; while :; do sleep 1; done) & sleep 1000`,
			],
			['that is stopped', 'touch up; kill -STOP $$'],
		])('of a command %s', async (_, command) => {
			expect(await survivors(command, 'abort')).toMatchObject({endedBy: 'abort', left: []});
		});

		test('after a timeout', async () => {
			const {endedBy, output, left} = await survivors('echo begun; sleep 1000', 'timeout');
			expect({endedBy, left}).toEqual({endedBy: 'timeout', left: []});
			// A shell that outlives its command for a moment says so.
			expect(output).toMatch(/^begun\n(Terminated\n)?$/);
		});

		test('in the background when the command itself has ended', async () => {
			const result = await survivors('sleep 1000 & echo done', 'exit');
			expect(result).toEqual({endedBy: 'exit', output: 'done\n', left: []});
		});

		test.runIf(process.platform === 'linux')('in a session of its own', async () => {
			const command = `setsid sh -c "trap '' TERM; touch up; while :; do sleep 1; done" & wait`;
			expect(await survivors(command, 'abort')).toMatchObject({endedBy: 'abort', left: []});
			expect(await survivors(command, 'timeout')).toMatchObject({endedBy: 'timeout', left: []});
		});
	});

	describe.runIf(sandbox.confinement.confined)(`the sandbox ${name} confines`, () => {
		test('writes to the workspace', async () => {
			const outside = temporaryDirectory('outside');
			const {directory} = await run(`touch inside; touch ${outside}/file`);
			expect(readdirSync(directory)).toEqual(['inside']);
			expect(readdirSync(outside)).toEqual([]);
		});

		test('away from the network', async () => {
			const {exitCode} = await run('exec 3<>/dev/tcp/127.0.0.1/9 || exit 7');
			expect(exitCode).not.toBe(0);
			const {output} = await run('cat /proc/net/dev | tail -n +3 | grep -vc "lo:"');
			expect(output.trim()).toBe('0');
		});
	});
}

function specIn(directory: string) {
	return {directory, writableRoot: directory, network: false, timeoutMs: patienceMs};
}

/** Living processes whose working directory is this one. */
function processesIn(directory: string): readonly string[] {
	if (process.platform !== 'linux') {
		return [];
	}

	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.filter(name => {
			return linkAt(`/proc/${name}/cwd`) === directory && stateOf(name) !== 'Z';
		});
}

function linkAt(file: string): string | undefined {
	try {
		return readlinkSync(file);
	} catch {
		return undefined;
	}
}

function stateOf(pid: string): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
	} catch {
		return 'Z';
	}
}
