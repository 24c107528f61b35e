import {join} from 'node:path';
import {createRedactor} from '../source/core/redact.ts';
import {createFileStore} from '../source/store/file/store.ts';
import {someKey} from './engine-run.ts';
import {firstEvent, mixedEvents} from './mixed-events.ts';

/** Output of agents, for a run's transcripts. */
export type AgentOutput = {readonly agent: string; readonly text: string};

/**
 * Writes the first `count` events in batches, like a run, and the agents' output; returns the path
 * of the log.
 */
export async function writeRun(
	directory: string,
	run: string,
	count: number,
	said: Iterable<AgentOutput> = [],
): Promise<string> {
	const redact = createRedactor([someKey]);
	const store = createFileStore({directory, redact});
	const log = await store.create(firstEvent(run), []);
	for (const event of mixedEvents(run, count)) {
		log.append(event);
		if (event.seq % 1_000 === 0) {
			await log.barrier();
		}
	}

	for (const {agent, text} of said) {
		log.transcribe(agent, 'text', text);
	}

	await log.close();
	return join(directory, run, 'events.jsonl');
}
