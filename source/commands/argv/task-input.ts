import {constants} from 'node:fs';
import {access, readFile, realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import type {Readable} from 'node:stream';
import {programsOf} from '../../approval/planned-commands.ts';
import {formatProblems, parsePlan} from '../../core/plan-problems.ts';
import type {Plan} from '../../core/plan.ts';
import {UsageError} from '../../core/usage-error.ts';

/** In bytes; anything larger belongs in a file of the directory. */
const maxTaskBytes = 2 * 1024 * 1024;

/** The task from the command line, from standard input (`-`) or from a file. */
export async function readTask(
	word: string | undefined,
	file: string | undefined,
	input: Readable,
): Promise<string> {
	if (file !== undefined && word !== undefined) {
		throw new UsageError('the task was given twice: as an argument and with --task-file');
	}

	if (file === undefined && word === undefined) {
		throw new UsageError(
			'what is the task?',
			'example: llm-orchestrator run my-team "Make the tests pass"',
		);
	}

	const text =
		file === undefined
			? word === '-'
				? await readAll(input)
				: (word ?? '')
			: await read(file, 'task');
	if (text.trim() === '') {
		throw new UsageError('the task is empty');
	}

	if (Buffer.byteLength(text) > maxTaskBytes) {
		throw new UsageError(
			'the task is larger than 2 MB',
			'put it in a file in the directory and refer to that file in the task',
		);
	}

	return text.toWellFormed();
}

/** Expands `~/project`, as a shell would. */
export function expandHome(directory: string, userHome: string): string {
	return directory.replace(/^~(?=\/|$)/, () => userHome);
}

/** The real path of the directory to work in. */
export async function readDirectory(
	given: string | undefined,
	base: string,
	home: string,
): Promise<string> {
	const directory = path.resolve(base, given ?? '.');
	const info = await stat(directory).catch(() => undefined);
	if (!info) {
		throw new UsageError(
			`${directory} does not exist`,
			'create it first or choose another one with --dir',
		);
	}

	if (!info.isDirectory()) {
		throw new UsageError(`${directory} is not a directory`);
	}

	await access(directory, constants.R_OK | constants.W_OK | constants.X_OK).catch(
		(error: unknown) => {
			throw new UsageError(
				`${directory} is not writable`,
				'the result is delivered there; change its permissions or choose another one with --dir',
				error,
			);
		},
	);
	const real = await realpath(directory);
	const inHome = path.relative(await realpath(home), real);
	if (inHome === '' || !/^\.\.(?:$|\/)/.test(inHome)) {
		throw new UsageError(
			`${directory} is the home directory of llm-orchestrator, which agents cannot access`,
			'choose another directory with --dir',
		);
	}

	return real;
}

/** Throws a `UsageError` for a `--check` that cannot run: no agent could fix that. */
export function requireRunnable(
	checks: readonly string[],
	canRun: (program: string) => boolean,
): void {
	for (const check of checks) {
		const missing = programsOf(check).find(program => !canRun(program));
		if (missing !== undefined) {
			throw new UsageError(`--check "${check}" cannot run: "${missing}" was not found`);
		}
	}
}

/** Reads a plan from a JSON file; the error lists all its problems. */
export async function readPlan(file: string): Promise<Plan> {
	const text = await read(file, 'plan');
	const value = parse(text, file);
	const parsed = parsePlan(value);
	if (!parsed.ok) {
		throw new UsageError(
			`${file} is not a valid plan:\n${formatProblems(parsed.problems)}`,
			'see docs/plans.md for the format',
		);
	}

	return parsed.plan;
}

function parse(text: string, file: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(`${file} is not JSON: ${reason}`, undefined, error);
	}
}

async function read(file: string, what: string): Promise<string> {
	try {
		return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(`cannot read the ${what} from ${file}: ${reason}`, undefined, error);
	}
}

export async function readAll(input: Readable): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of input) {
		chunks.push(Buffer.from(chunk as Uint8Array));
	}

	return Buffer.concat(chunks).toString('utf8');
}
