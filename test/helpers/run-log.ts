import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {runEventSchema, type RunEvent} from '../../source/core/run-event.ts';

/** The events of the only run in a home, as they are on disk. */
export async function readEvents(home: string): Promise<readonly RunEvent[]> {
	const runs = path.join(home, '.llm-orchestrator', 'runs');
	const [run = ''] = await readdir(runs);
	const text = await readFile(path.join(runs, run, 'events.jsonl'), 'utf8');
	return text
		.trimEnd()
		.split('\n')
		.map(line => runEventSchema.parse(JSON.parse(line)));
}
