import {randomUUID} from 'node:crypto';
import {open, readFile, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {UsageError} from '../core/usage-error.ts';
import {describeIssue} from './describe-issue.ts';
import {misspelledKey} from './misspelled-key.ts';

/** Larger files are not ours. */
const maxBytes = 1024 * 1024;

/**
 * Reads one of our JSON files; `undefined` if it does not exist. A malformed file throws a
 * `UsageError` with its path, the position and what was expected; so does a key that is nearly one
 * of the schema's.
 */
export async function readJsonFile<Value>(
	file: string,
	schema: z.ZodType<Value>,
): Promise<Value | undefined> {
	const text = await readText(file);
	if (text === undefined) {
		return undefined;
	}

	const value = parse(file, text);
	const misspelled = misspelledKey(value, schema);
	if (misspelled) {
		const {path, meant} = misspelled;
		throw new UsageError(
			`${file} has no key "${z.core.toDotPath(path)}"; did you mean "${meant}"?`,
			'fix it or remove it',
		);
	}

	const parsed = schema.safeParse(value);
	if (parsed.success) {
		return parsed.data;
	}

	throw new UsageError(
		`${file} is not valid${describeIssue(parsed.error, value)}`,
		'fix the file or move it out of the way',
	);
}

/**
 * Replaces a file atomically, readable only by its owner: readers see either the old or the new
 * one.
 */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
	const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
	try {
		const handle = await open(temporary, 'wx', 0o600);
		try {
			await handle.writeFile(`${JSON.stringify(value, undefined, '\t')}\n`);
			await handle.datasync();
		} finally {
			await handle.close();
		}

		await rename(temporary, file);
	} catch (error) {
		await rm(temporary, {force: true});
		throw fileError('write', file, error);
	}
}

/** What to say about a file or directory of the person's that cannot be used. */
export function fileError(
	what: 'read' | 'write' | 'delete',
	file: string,
	cause: unknown,
): UsageError {
	const reason = cause instanceof Error ? cause.message : String(cause);
	const full = /^(ENOSPC|EDQUOT)\b/.test(reason);
	return new UsageError(
		`cannot ${what} ${file}: ${reason}`,
		full ? 'free some disk space, then try again' : 'check who owns it, and its permissions',
		cause,
	);
}

async function regularFile(file: string): Promise<{readonly size: number}> {
	const found = await stat(file);
	if (!found.isFile()) {
		throw new UsageError(`${file} is not a regular file`, 'move it out of the way');
	}

	return found;
}

async function readText(file: string): Promise<string | undefined> {
	try {
		const {size} = await regularFile(file);
		const content = size > maxBytes ? undefined : await readFile(file);
		if (!content) {
			throw new UsageError(`${file} is larger than 1 MB`, 'move it out of the way');
		}

		return content.toString('utf8').replace(/^\uFEFF/, '');
	} catch (error) {
		if (error instanceof UsageError) {
			throw error;
		}

		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
			return undefined;
		}

		throw fileError('read', file, error);
	}
}

function parse(file: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(
			`${file} is not JSON: ${reason}`,
			'fix the file or move it out of the way',
			error,
		);
	}
}
