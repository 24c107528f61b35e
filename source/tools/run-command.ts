import {z} from 'zod';
import type {CommandConfinement} from '../core/permission.ts';
import type {CommandResult, Sandbox} from '../sandbox/sandbox.ts';
import {truncateMiddle} from './text-file.ts';
import type {Tool} from './tool.ts';

const input = z.strictObject({
	command: z.string().min(1).describe('One command line for sh, run in the workspace'),
});

/** Bytes of output to keep for reading in parts. */
const maxKeptBytes = 512 * 1024;

/** Its permission request shows the full command, as it will run. */
export const runCommand: Tool<z.infer<typeof input>> = {
	name: 'run_command',
	description:
		'Runs a command line with sh in the workspace and gives its exit code and output. There is no input and no terminal; processes in the background are ended when it returns.',
	input,
	example: {command: 'npm test'},
	effect: 'command',
	prepare: async ({command}, {files, sandbox, commandTimeoutMs}) => ({
		summary: `run_command ${command}`,
		confinement: confinementOf(sandbox),
		permission: {
			detail: command,
			reason: `Runs in the workspace, ${sandbox.confinement.label}`,
		},
		async execute(signal) {
			const result = await sandbox.run(
				{
					command,
					directory: files.root,
					writableRoot: files.root,
					network: false,
					timeoutMs: commandTimeoutMs,
					maxOutputBytes: maxKeptBytes,
				},
				{signal},
			);
			const head = howItEnded(result, commandTimeoutMs);
			const output = result.output === '' ? '[no output]' : result.output;
			const shown = truncateMiddle(output);
			return {
				ok: result.endedBy === 'exit' && result.exitCode === 0,
				text: `${head}\n${shown}`,
				...(shown === output ? {} : {whole: `${head}\n${output}`}),
				...(result.outputBytes > maxKeptBytes
					? {lostBytes: result.outputBytes - maxKeptBytes}
					: {}),
			};
		},
	}),
};

function confinementOf({confinement: {backend, confined}}: Sandbox): CommandConfinement {
	return {backend, confined};
}

function howItEnded({endedBy, exitCode}: CommandResult, timeoutMs: number): string {
	switch (endedBy) {
		case 'exit':
			return `exit code ${exitCode}`;
		case 'signal':
			return 'ended by a signal';
		case 'timeout':
			return `ended: it took longer than ${timeoutMs / 1000} s`;
		case 'abort':
			return 'ended: it was cancelled';
		case 'output-limit':
			return 'ended: it put out too much';
	}
}
