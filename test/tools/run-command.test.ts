import {describe, expect, test} from 'vitest';
import type {CommandSpec, Sandbox} from '../../source/sandbox/sandbox.ts';
import {never, workshop} from './workshop.ts';

describe('run_command', () => {
	const sandboxThat = (result: Partial<Awaited<ReturnType<Sandbox['run']>>>) => {
		const specs: CommandSpec[] = [];
		const sandbox: Sandbox = {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			killLeftovers: async () => undefined,
			async run(spec) {
				specs.push(spec);
				return {exitCode: 0, endedBy: 'exit', output: '', outputBytes: 0, durationMs: 1, ...result};
			},
		};
		return {sandbox, specs};
	};

	test('asks for the whole command and runs exactly that', async () => {
		const {sandbox, specs} = sandboxThat({output: 'hi\n'});
		const {root, prepare} = workshop({}, {sandbox});
		const command = `echo hi && ${'x'.repeat(5000)}`;
		const prepared = await prepare('run_command', {command});
		expect(prepared.permission).toEqual({
			detail: command,
			reason: 'Runs in the workspace, UNSANDBOXED',
		});
		expect(specs).toEqual([]);
		expect(await prepared.execute(never)).toEqual({ok: true, text: 'exit code 0\nhi\n'});
		expect(specs).toMatchObject([{command, directory: root, timeoutMs: 1000}]);
	});

	test('says how much of a long output nobody kept', async () => {
		const output = 'line\n'.repeat(100_000);
		const {sandbox} = sandboxThat({output, outputBytes: 600_000});
		const result = await workshop({}, {sandbox}).call('run_command', {command: 'x'});
		expect(result).toMatchObject({
			whole: `exit code 0\n${output}`,
			lostBytes: 600_000 - 512 * 1024,
		});
	});

	test.each([
		[{exitCode: 1, output: 'no'}, 'exit code 1\nno'],
		[{exitCode: null, endedBy: 'timeout' as const}, 'ended: it took longer than 1 s\n[no output]'],
		[{exitCode: null, endedBy: 'signal' as const}, 'ended by a signal\n[no output]'],
	])('tells how %j ended', async (result, text) => {
		const {sandbox} = sandboxThat(result);
		expect(await workshop({}, {sandbox}).call('run_command', {command: 'x'})).toEqual({
			ok: false,
			text,
		});
	});
});
