import {createHash} from 'node:crypto';
import type {PathGuard} from '../../sandbox/path-guard.ts';

/** SHA-256 (hex) of what a file holds, as intents log it; `null` where no file can be read. */
export async function hashOfFile(files: PathGuard, path: string): Promise<string | null> {
	const content = await files.readFile(path).catch(() => undefined);
	return content === undefined ? null : createHash('sha256').update(content).digest('hex');
}
