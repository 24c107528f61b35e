import {createHash} from 'node:crypto';
import type {PathGuard} from '../../sandbox/path-guard.ts';

/** SHA-256 (hex) of a file's content, as logged in intents; `null` if it cannot be read. */
export async function hashOfFile(files: PathGuard, path: string): Promise<string | null> {
	const content = await files.readFile(path).catch(() => undefined);
	return content === undefined ? null : createHash('sha256').update(content).digest('hex');
}
