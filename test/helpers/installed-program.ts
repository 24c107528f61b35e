import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {programEnvironment, programFile, type ProgramEnd} from './program.ts';
import {shellQuoted} from '../../source/core/shell-quoted.ts';

/** Runs commands as a script does that finds the installed program on its path. */
export type Shell = (
	command: string,
	args?: readonly string[],
	options?: {readonly directory?: string},
) => Promise<ProgramEnd>;

/** Puts `llm-orchestrator` on the path of commands that use this home. */
export async function installProgram(home: string): Promise<Shell> {
	const folder = path.join(home, 'bin');
	const program = path.join(folder, 'llm-orchestrator');
	await mkdir(folder, {recursive: true});
	const words = [process.execPath, programFile].map(shellQuoted).join(' ');
	await writeFile(program, `#!/bin/sh\nexec ${words} "$@"\n`);
	await chmod(program, 0o755);
	const environment = programEnvironment(home);
	return async (command, args = [], {directory = '/'} = {}) => {
		const {exitCode, stdout, stderr} = await execa(command, [...args], {
			cwd: directory,
			extendEnv: false,
			env: {
				...environment,
				// `node` is the one that runs the tests.
				PATH: [folder, path.dirname(process.execPath), environment['PATH']].join(':'),
			},
			stdin: 'ignore',
			reject: false,
			stripFinalNewline: false,
		});
		return {code: exitCode ?? null, out: stdout, err: stderr};
	};
}
