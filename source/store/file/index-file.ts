import {randomUUID} from 'node:crypto';
import {readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {jsonValueSchema, parseJson} from '../../core/json.ts';
import type {IndexEntry} from '../store.ts';
import {hasCode} from '../store-errors.ts';

const indexName = 'index.json';

const entrySchema: z.ZodType<IndexEntry> = z.object({version: z.string(), value: jsonValueSchema});

/** The entry in a run's folder; `undefined` if it is missing or unreadable. */
export async function readIndexFile(directory: string): Promise<IndexEntry | undefined> {
	const text = await readFile(join(directory, indexName), 'utf8').catch((error: unknown) => {
		if (hasCode(error, 'ENOENT')) {
			return '';
		}
		throw error;
	});
	return entrySchema.safeParse(parseJson(text)).data;
}

/** Replaces the entry atomically, so that readers see either the old or the new one. */
export async function writeIndexFile(directory: string, entry: IndexEntry): Promise<void> {
	const draft = join(directory, `${indexName}.${randomUUID()}`);
	try {
		await writeFile(draft, JSON.stringify(entry), {mode: 0o600, flag: 'wx'});
		await rename(draft, join(directory, indexName));
	} catch (error) {
		await rm(draft, {force: true});
		throw error;
	}
}
