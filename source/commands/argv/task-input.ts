import {constants} from 'node:fs';
import {access, readFile, realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import type {Readable} from 'node:stream';
import {programsOf} from '../../approval/commands.ts';
import {formatProblems, parsePlan} from '../../core/plan-problems.ts';
import type {Plan} from '../../core/plan.ts';
import {UsageError} from '../../core/usage-error.ts';

/** Bytes that a task may have; more is a document, which belongs into a file of the directory. */
export const maxTaskBytes = 2 * 1024 * 1024;

/** The task from the command line, from standard input (`-`) or from a file. */
export async function readTask(
	word: string | undefined,
	file: string | undefined,
	input: Readable,
): Promise<string> {
	if (file !== undefined && word !== undefined) {
		throw new UsageError('the task is given twice: as a word and by --task-file');
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
			'put it into a file of the directory and name that file in the task',
		);
	}

	return text.toWellFormed();
}

/** `~/project`, as a shell would have read it; where a directory is typed there is none. */
export function expandHome(directory: string, userHome: string): string {
	return directory.replace(/^~(?=\/|$)/, () => userHome);
}

/** The directory to work in, as its real path. */
export async function readDirectory(
	given: string | undefined,
	base: string,
	home: string,
): Promise<string> {
	const directory = path.resolve(base, given ?? '.');
	const info = await stat(directory).catch(() => undefined);
	if (!info) {
		throw new UsageError(
			`${directory} is not there`,
			'make it first, or name another one by --dir',
		);
	}

	if (!info.isDirectory()) {
		throw new UsageError(`${directory} is no directory`);
	}

	await access(directory, constants.R_OK | constants.W_OK | constants.X_OK).catch(
		(error: unknown) => {
			throw new UsageError(
				`${directory} cannot be written to`,
				'the result has to be delivered into it; give yourself the right to write, or name another one by --dir',
				error,
			);
		},
	);
	const real = await realpath(directory);
	const inHome = path.relative(await realpath(home), real);
	if (inHome === '' || !/^\.\.(?:$|\/)/.test(inHome)) {
		throw new UsageError(
			`${directory} is our own home, which is closed to agents`,
			'name another directory by --dir',
		);
	}

	return real;
}

/** Throws a `UsageError` for a check of the person's own that cannot run: no lead could mend that. */
export function requireRunnable(
	checks: readonly string[],
	canRun: (program: string) => boolean,
): void {
	for (const check of checks) {
		const missing = programsOf(check).find(program => !canRun(program));
		if (missing !== undefined) {
			throw new UsageError(`--check "${check}" cannot run: there is no "${missing}" here`);
		}
	}
}

/** A plan from a JSON file, with every problem of it in one error. */
export async function readPlan(file: string): Promise<Plan> {
	const text = await read(file, 'plan');
	const value = parse(text, file);
	const parsed = parsePlan(value);
	if (!parsed.ok) {
		throw new UsageError(
			`${file} is no valid plan:\n${formatProblems(parsed.problems)}`,
			'the form of a plan: docs/plans.md',
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

/** All of a stream as text. */
export async function readAll(input: Readable): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of input) {
		chunks.push(Buffer.from(chunk as Uint8Array));
	}

	return Buffer.concat(chunks).toString('utf8');
}
