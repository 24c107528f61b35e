import {createHash} from 'node:crypto';
import {appendFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Redact} from '../../core/redact.ts';
import type {TranscriptLine} from '../../core/run.ts';

/**
 * Live output of agents for viewers: unsynced, at most 20 writes a second, dropped on any error.
 */
export type Transcripts = {
	readonly add: (agent: string, kind: TranscriptLine['kind'], text: string) => void;
	/** Writes pending lines now. */
	readonly flush: () => Promise<void>;
};

/** Writes one file per agent, of `TranscriptLine`s, into `directory`, which exists. */
export function createTranscripts(
	directory: string,
	{
		redact,
		now,
		append = appendPrivately,
	}: {
		readonly redact: Redact;
		readonly now: () => number;
		readonly append?: (path: string, lines: string) => Promise<void>;
	},
): Transcripts {
	const waiting = new Map<string, string[]>();
	let timer: NodeJS.Timeout | undefined;
	let writing: Promise<void> = Promise.resolve();

	function write(): Promise<void> {
		timer = undefined;
		const batch = [...waiting];
		waiting.clear();
		writing = writing.then(async () => {
			for (const [file, lines] of batch) {
				await append(join(directory, file), lines.join('')).catch(() => undefined);
			}
		});
		return writing;
	}

	return {
		add(agent, kind, text) {
			const file = transcriptName(agent);
			const time = new Date(now()).toISOString();
			const line = JSON.stringify({time, kind, text: redact(text)} satisfies TranscriptLine);
			const lines = waiting.get(file) ?? [];
			lines.push(`${line}\n`);
			waiting.set(file, lines);
			timer ??= setTimeout(() => void write(), flushDelayMs).unref();
		},
		flush() {
			clearTimeout(timer);
			return write();
		},
	};
}

/** File name of an agent's transcript: its name, escaped to be valid on every system. */
export function transcriptName(agent: string): string {
	const escaped = agent.replaceAll(
		/[^a-z0-9_-]/g,
		letter => `%${letter.charCodeAt(0).toString(16)}`,
	);
	const short =
		escaped.length <= 100 && escaped !== ''
			? escaped
			: `${escaped.slice(0, 60)}%${createHash('sha256').update(agent).digest('hex').slice(0, 16)}`;
	return `${short}.jsonl`;
}

const flushDelayMs = 50;

function appendPrivately(path: string, lines: string): Promise<void> {
	return appendFile(path, lines, {mode: 0o600});
}
