import {spawn} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../../core/usage-error.ts';
import type {Environment} from '../../core/environment.ts';

/**
 * Opens a text in `$VISUAL`, `$EDITOR` or vi, which gets the terminal. `undefined` when it is
 * unchanged.
 */
export async function editText(
	text: string,
	extension: string,
	{environment, folder}: {readonly environment: Environment; readonly folder: string},
): Promise<string | undefined> {
	await mkdir(folder, {recursive: true, mode: 0o700});
	const draft = await mkdtemp(path.join(folder, 'draft-'));
	try {
		const file = path.join(draft, `text.${extension}`);
		await writeFile(file, text, {mode: 0o600});
		const editor = environment['VISUAL'] || environment['EDITOR'] || 'vi';
		const code = await runInTerminal(editor, [file], {variable: 'EDITOR', environment});
		if (code !== 0) {
			throw new UsageError(`the editor (${editor}) exited with code ${code}`, 'nothing changed');
		}

		const edited = await readFile(file, 'utf8');
		return edited === text ? undefined : edited;
	} finally {
		await rm(draft, {recursive: true, force: true});
	}
}

/** Shows a text in `$PAGER` or less, which gets the terminal. */
export async function pageText(text: string, environment: Environment): Promise<void> {
	const pager = environment['PAGER'] || 'less';
	await runInTerminal(pager, [], {variable: 'PAGER', environment, input: text});
}

/** Runs the command in a variable, which may include arguments, through a shell. */
async function runInTerminal(
	command: string,
	args: readonly string[],
	{
		variable,
		environment,
		input,
	}: {
		readonly variable: string;
		readonly environment: Environment;
		/** Its input; default: the terminal. */
		readonly input?: string | undefined;
	},
): Promise<number> {
	// Ctrl+C is for the program only: the shell must not exit with it.
	const child = spawn('sh', ['-c', `trap : INT; ${command} "$@"`, 'sh', ...args], {
		stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
		env: {...environment, LESS: environment['LESS'] ?? '-R'},
	});
	const {promise, resolve, reject} = Promise.withResolvers<number>();
	child.on('error', reject);
	child.on('close', code => {
		resolve(code ?? 1);
	});
	child.stdin?.on('error', () => undefined);
	child.stdin?.end(input);
	const code = await promise;
	if (code === 127) {
		throw new UsageError(`"${command}" was not found`, `set ${variable} to an installed program`);
	}

	return code;
}
