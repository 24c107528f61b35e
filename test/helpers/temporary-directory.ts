import {mkdtemp, realpath, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';

/** A new empty directory that is gone after the running test. */
export async function temporaryDirectory(): Promise<string> {
	const directory = await realpath(await mkdtemp(join(tmpdir(), 'llm-orchestrator-test-')));
	onTestFinished(() => rm(directory, {recursive: true, force: true, maxRetries: 5}));
	return directory;
}
